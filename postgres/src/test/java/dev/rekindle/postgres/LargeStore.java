package dev.rekindle.postgres;

import java.time.Instant;
import java.util.List;

/** A store with some ten thousand instances, written by the server itself; every seventh is a child. */
final class LargeStore {
    static final int INSTANCES = 30_000;
    static final Instant FIRST = Instant.parse("2030-01-01T00:00:00Z");

    /** Created a second apart, ten of them at the same time; mostly ended. */
    private static final String ROWS = """
        INSERT INTO rekindle.instance (id, run_id, orchestration, version, parent_instance, parent_run, parent_execution,
          parent_scheduled, status, created_by, created_in, created_at, started_at, finished_at, attributes, problem)
        SELECT CASE n %% 3 WHEN 0 THEN 'order-' WHEN 1 THEN 'shipment-' ELSE 'rare-' || n %% 500 || '-' END || n,
          'run-' || n, 'Flow' || n %% 4, CASE WHEN n %% 50 = 0 THEN '' ELSE '1.' || n %% 5 END,
          CASE WHEN n %% 7 = 0 THEN 'order-' || n %% 300 * 3 END, CASE WHEN n %% 7 = 0 THEN 'run' END,
          CASE WHEN n %% 7 = 0 THEN 1 END, CASE WHEN n %% 7 = 0 THEN 2 END,
          CASE WHEN n %% 40 = 0 THEN 'Running' WHEN n %% 41 = 0 THEN 'Failed' WHEN n %% 5000 = 1 THEN 'Stuck'
            ELSE 'Completed' END,
          0, 0, t.at, t.at, CASE WHEN n %% 40 > 0 THEN t.at + interval '1 minute' END,
          CASE WHEN n %% 11 = 0 THEN jsonb_build_object('customer', 'c' || n %% 100, 'region', 'r' || n %% 3) END,
          CASE WHEN n %% 5000 = 1 THEN 'differs' WHEN n %% 400 = 0 THEN 'no node has the code' END
        FROM generate_series(1, %1$d) AS n, LATERAL (SELECT timestamptz '%2$s' + n / 10 * interval '1 second' AS at) AS t;
        INSERT INTO rekindle.attribute (name, value, created_at, instance)
        SELECT a.key, a.value, i.created_at, i.key FROM rekindle.instance AS i, LATERAL jsonb_each_text(i.attributes) AS a;
        INSERT INTO rekindle.history (instance, position, events, body)
        SELECT i.key, p, 1, '[{"kind":"TimerCreated","id":' || p || ',"at":"2030-01-01T00:00:00Z","dueAt":"2030-01-01T00:00:00Z"}]'
        FROM rekindle.instance AS i, generate_series(1, 3) AS p;
        INSERT INTO rekindle.queue (instance, wake_at) SELECT key, timestamptz '2020-01-01' FROM rekindle.instance WHERE finished_at IS NULL;
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT q.instance, p, now() FROM rekindle.queue AS q, generate_series(1, 20) AS p;
        INSERT INTO rekindle.message (instance, kind, visible_at, body)
        SELECT q.instance, 'event', now(), '{"kind":"RaiseEvent","instance":"x","channel":"c","payload":"1"}'
        FROM rekindle.queue AS q, generate_series(1, 20) AS p;
        INSERT INTO rekindle.work (instance, position, activity, visible_at, scheduled_at, body)
        SELECT q.instance, p, 'Charge' || p %% 3, now(), now(), '{}' FROM rekindle.queue AS q, generate_series(1, 20) AS p;
        INSERT INTO rekindle.dead_letter (instance, reason, at, body)
        SELECT 'x', 'late', now(), '{}' FROM generate_series(1, 20000);
        INSERT INTO rekindle.figure (resolution, at, kind, orchestration, name, outcome, bucket, things, millis, queued, retrying)
        SELECT 'MINUTE', timestamptz '%2$s' + n * interval '1 minute', 'ORCHESTRATION', 'Flow' || o, 'Flow' || o, 'Completed', 5, 1, 1, 1, 1
        FROM generate_series(1, 10000) AS n, generate_series(1, 4) AS o\
        """.formatted(INSTANCES, FIRST);

    private static final List<String> TABLES =
            List.of("instance", "attribute", "history", "queue", "timer", "message", "work", "dead_letter", "figure");

    private LargeStore() {}

    static void fill(TestSchema schema) {
        schema.sql(ROWS);
        for (String table : TABLES) {
            schema.sql("VACUUM ANALYZE rekindle." + table);
        }
    }
}
