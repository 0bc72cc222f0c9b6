package dev.rekindle.postgres;

import static dev.rekindle.postgres.Rows.Type.BIGINT;
import static dev.rekindle.postgres.Rows.Type.BOOLEAN;
import static dev.rekindle.postgres.Rows.Type.TEXT;

/** What is written to {@code work}. */
final class WorkTable {
    private static final String INSERT = """
        INSERT INTO rekindle.work (instance, position, activity, node, visible_at, scheduled_at, body)
        SELECT r.instance, r.position, r.activity, r.node, (SELECT rekindle.store_now()),
          timestamptz 'epoch' + r.scheduled * interval '1 microsecond', r.body
        FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
          AS r (instance, position, activity, node, scheduled, body)\
        """;

    /** Of instances that were just inserted. */
    private static final String INSERT_FIRST = """
        INSERT INTO rekindle.work (instance, position, activity, node, visible_at, scheduled_at, body)
        SELECT i.key, r.position, r.activity, r.node, (SELECT rekindle.store_now()),
          timestamptz 'epoch' + r.scheduled * interval '1 microsecond', r.body
        FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
          AS r (id, position, activity, node, scheduled, body)
        JOIN rekindle.instance AS i ON i.id = r.id AND i.created_by = ? AND i.created_in = ?\
        """;

    private static final String DELETE = """
        DELETE FROM rekindle.work AS w
        USING unnest(?::bigint[], ?::bigint[]) AS r (instance, position)
        WHERE w.instance = r.instance AND w.position = r.position\
        """;

    /** Ends attempts that this node has; says which it still had. */
    private static final String FINISH = """
        DELETE FROM rekindle.work AS w
        USING unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS r (instance, position, node)
        WHERE w.instance = r.instance AND w.position = r.position AND w.node = r.node
        RETURNING w.instance, w.position\
        """;

    private static final String GIVE_BACK = """
        UPDATE rekindle.work AS w
        SET node = NULL, attempt = w.attempt + CASE WHEN r.failure_type IS NULL THEN 0 ELSE 1 END,
          visible_at = CASE WHEN r.delay = 0 AND r.failure_type IS NULL THEN w.visible_at
            ELSE (SELECT rekindle.store_now()) + r.delay * interval '1 microsecond' END,
          failure_type = COALESCE(r.failure_type, w.failure_type),
          failure_message = CASE WHEN r.failure_type IS NULL THEN w.failure_message ELSE r.failure_message END,
          failure_trace = CASE WHEN r.failure_type IS NULL THEN w.failure_trace ELSE r.failure_trace END,
          failure_retryable = COALESCE(r.failure_retryable, w.failure_retryable),
          heartbeat = COALESCE(r.heartbeat, w.heartbeat)
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[],
            ?::boolean[], ?::text[])
          AS r (instance, position, node, delay, failure_type, failure_message, failure_trace,
            failure_retryable, heartbeat)
        WHERE w.instance = r.instance AND w.position = r.position AND w.node = r.node
        RETURNING w.visible_at\
        """;

    private static final String RENEW = """
        UPDATE rekindle.work AS w
        SET heartbeat = r.heartbeat
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[]) AS r (instance, position, node, heartbeat)
        WHERE w.instance = r.instance AND w.position = r.position AND w.node = r.node
        RETURNING w.instance, w.position\
        """;

    /** Says which activities this node still has. */
    private static final String STILL_HERE = """
        SELECT w.instance, w.position
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS r (instance, position, node)
        JOIN rekindle.work AS w ON w.instance = r.instance AND w.position = r.position AND w.node = r.node\
        """;

    /** For rows that this version can't read: a newer one may. */
    private static final String HIDE = """
        UPDATE rekindle.work AS w
        SET node = NULL, visible_at = (SELECT rekindle.store_now()) + interval '1 minute'
        FROM unnest(?::bigint[], ?::bigint[]) AS r (instance, position)
        WHERE w.instance = r.instance AND w.position = r.position\
        """;

    private WorkTable() {}

    static Rows insert() {
        return new Rows(INSERT, BIGINT, BIGINT, TEXT, BIGINT, BIGINT, TEXT);
    }

    static Rows insertFirst(NodeTable.Identity creator) {
        return new Rows(INSERT_FIRST, TEXT, BIGINT, TEXT, BIGINT, BIGINT, TEXT).with(creator.key(), creator.batch());
    }

    static Rows delete() {
        return new Rows(DELETE, BIGINT, BIGINT);
    }

    static Rows finish() {
        return new Rows(FINISH, BIGINT, BIGINT, BIGINT);
    }

    static Rows giveBack() {
        return new Rows(GIVE_BACK, BIGINT, BIGINT, BIGINT, BIGINT, TEXT, TEXT, TEXT, BOOLEAN, TEXT);
    }

    static Rows renew() {
        return new Rows(RENEW, BIGINT, BIGINT, BIGINT, TEXT);
    }

    static Rows stillHere() {
        return new Rows(STILL_HERE, BIGINT, BIGINT, BIGINT);
    }

    static Rows hide() {
        return new Rows(HIDE, BIGINT, BIGINT);
    }
}
