package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;
import static dev.rekindle.postgres.RowStatement.Type.BOOLEAN;
import static dev.rekindle.postgres.RowStatement.Type.INTEGER;
import static dev.rekindle.postgres.RowStatement.Type.TEXT;

/** What is written to {@code instance}, {@code execution} and {@code history}. */
final class InstanceTable {
    /** In the order of the ids, so that two nodes that start the same ones wait for each other and never in a circle. */
    private static final RowStatement INSERT = RowStatement.of("""
        INSERT INTO rekindle.instance (id, run_id, orchestration, version, parent_instance, parent_run,
          parent_execution, parent_scheduled, created_by, created_in, status, created_at)
        SELECT n.id, n.run_id, n.orchestration, n.version, n.parent_instance, n.parent_run,
          n.parent_execution, n.parent_scheduled, c.node, c.batch, 'Pending', (SELECT rekindle.store_now())
        FROM :rows AS n (id, run_id, orchestration, version, parent_instance, parent_run, parent_execution, parent_scheduled),
          (SELECT ?::bigint AS node, ?::bigint AS batch) AS c
        ORDER BY n.id
        ON CONFLICT (id) DO NOTHING\
        """, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, BIGINT, BIGINT);

    /**
     * Creates instances that have taken their first turn, with their place in the queue, their history and one of the
     * activities that they began with, if there is one. They are counted already; those whose id is taken are not. The place
     * in the queue of those that are kept is as if they had been fetched. Two nodes that start the same ids, each one in this
     * way and one in the other, may wait in a circle: the server breaks it.
     */
    private static final RowStatement INSERT_EAGERLY = RowStatement.of(
            """
            WITH given AS MATERIALIZED (
              SELECT * FROM :rows AS g (id, run_id, orchestration, version, parent_instance, parent_run, parent_execution, parent_scheduled,
                  kept, wake, events, body, position, activity, work_node, scheduled, work_body)
            ), c AS MATERIALIZED (
              SELECT ?::bigint AS node, ?::bigint AS batch, rekindle.store_now() AS now
            ), created AS (
              INSERT INTO rekindle.instance (id, run_id, orchestration, version, parent_instance, parent_run,
                parent_execution, parent_scheduled, created_by, created_in, status, created_at, started_at)
              SELECT g.id, g.run_id, g.orchestration, g.version, g.parent_instance, g.parent_run,
                g.parent_execution, g.parent_scheduled, c.node, c.batch, 'Running', c.now, c.now
              FROM given AS g, c
              ORDER BY g.id
              ON CONFLICT (id) DO NOTHING
              RETURNING key, id, created_at
            ), begun AS MATERIALIZED (
              SELECT n.key, g.* FROM created AS n JOIN given AS g ON g.id = n.id
            ), queued AS (
              INSERT INTO rekindle.queue (instance, node, wake_at)
              SELECT b.key, CASE WHEN b.kept THEN c.node END,
                CASE WHEN b.kept THEN c.now ELSE timestamptz 'epoch' + b.wake * interval '1 microsecond' END
              FROM begun AS b, c
            ), told AS (
              INSERT INTO rekindle.history (instance, position, events, body)
              SELECT b.key, 1, b.events, b.body FROM begun AS b
            ), scheduled AS (
              INSERT INTO rekindle.work (instance, position, activity, node, visible_at, scheduled_at, body)
              SELECT b.key, b.position, b.activity, b.work_node, c.now,
                timestamptz 'epoch' + b.scheduled * interval '1 microsecond', b.work_body
              FROM begun AS b, c WHERE b.activity IS NOT NULL
            ), refused AS (
              SELECT (SELECT count(*) FROM given) - (SELECT count(*) FROM created) AS starts
            ), counted AS (
              UPDATE rekindle.node AS d SET running = d.running - r.starts FROM refused AS r, c
              WHERE d.key = c.node AND r.starts > 0
            )
            SELECT id, key, created_at FROM created\
            """,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            BIGINT,
            BIGINT,
            BOOLEAN,
            BIGINT,
            INTEGER,
            TEXT,
            BIGINT,
            TEXT,
            BIGINT,
            BIGINT,
            TEXT);

    /** For the instances that were just inserted, those of them that have any. */
    private static final RowStatement INSERT_ATTRIBUTES = RowStatement.of("""
        WITH given AS MATERIALIZED (
          SELECT i.key, i.created_at, n.name, n.value
          FROM :rows AS n (id, name, value)
          JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[n.id]) AND i.created_by = ? AND i.created_in = ?
        ), shown AS (
          UPDATE rekindle.instance AS i SET attributes = g.attributes
          FROM (SELECT key, jsonb_object_agg(name, value) AS attributes FROM given GROUP BY key) AS g
          WHERE i.key = ANY (ARRAY[g.key])
        )
        INSERT INTO rekindle.attribute (name, value, created_at, instance)
        SELECT name, value, created_at, key FROM given\
        """, TEXT, TEXT, TEXT);

    /** Which starts of a transaction happened; for one whose answers were lost. */
    private static final RowStatement FIND_STARTED = RowStatement.of("""
        SELECT i.id, i.key, i.created_at
        FROM :rows AS n (id)
        JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[n.id]) AND i.created_by = ? AND i.created_in = ?\
        """, TEXT);

    /** Columns that a turn does not touch are given as they are; a custom status only when it changes. */
    private static final RowStatement UPDATE =
            RowStatement.of("""
                UPDATE rekindle.instance AS i
                SET status = r.status, version = r.version, execution = r.execution, base = r.base, problem = r.problem,
                  custom_status = CASE WHEN r.shows THEN r.custom_status ELSE i.custom_status END,
                  started_at = CASE WHEN r.begun THEN COALESCE(i.started_at, t.now) ELSE i.started_at END
                FROM :rows AS r (key, status, version, execution, base, problem, shows, custom_status, begun),
                  (SELECT rekindle.store_now() AS now) AS t
                WHERE i.key = ANY (ARRAY[r.key])\
                """, BIGINT, TEXT, TEXT, BIGINT, BIGINT, TEXT, BOOLEAN, TEXT, BOOLEAN);

    private static final RowStatement INSERT_EXECUTION = RowStatement.of("""
        INSERT INTO rekindle.execution (instance, execution, base, started_at)
        SELECT r.instance, r.execution, r.base, (SELECT rekindle.store_now())
        FROM :rows AS r (instance, execution, base)\
        """, BIGINT, BIGINT, BIGINT);

    private static final RowStatement INSERT_HISTORY = RowStatement.of("""
        INSERT INTO rekindle.history (instance, position, events, body)
        SELECT r.instance, r.position, r.events, r.body
        FROM :rows AS r (instance, position, events, body)\
        """, BIGINT, BIGINT, INTEGER, TEXT);

    private InstanceTable() {}

    static Rows insert(NodeTable.Identity creator) {
        return new Rows(INSERT).with(creator.key(), creator.batch());
    }

    static Rows insertEagerly(NodeTable.Identity creator) {
        return new Rows(INSERT_EAGERLY).with(creator.key(), creator.batch());
    }

    /** Asks which of these starts happened. */
    static Rows findStarted(Rows starts, NodeTable.Identity creator) {
        return starts.reusing(FIND_STARTED).with(creator.key(), creator.batch());
    }

    static Rows insertAttributes(NodeTable.Identity creator) {
        return new Rows(INSERT_ATTRIBUTES).with(creator.key(), creator.batch());
    }

    static Rows update() {
        return new Rows(UPDATE);
    }

    static Rows insertExecution() {
        return new Rows(INSERT_EXECUTION);
    }

    static Rows insertHistory() {
        return new Rows(INSERT_HISTORY);
    }
}
