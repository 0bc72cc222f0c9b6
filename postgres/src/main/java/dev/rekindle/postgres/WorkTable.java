package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;
import static dev.rekindle.postgres.RowStatement.Type.BOOLEAN;
import static dev.rekindle.postgres.RowStatement.Type.TEXT;

/** What is written to {@code work}. */
final class WorkTable {
    private static final RowStatement INSERT = RowStatement.of("""
        INSERT INTO rekindle.work (instance, position, activity, node, visible_at, scheduled_at, body)
        SELECT r.instance, r.position, r.activity, r.node, (SELECT rekindle.store_now()),
          timestamptz 'epoch' + r.scheduled * interval '1 microsecond', r.body
        FROM :rows AS r (instance, position, activity, node, scheduled, body)\
        """, BIGINT, BIGINT, TEXT, BIGINT, BIGINT, TEXT);

    /** Of instances that were just inserted. */
    private static final RowStatement INSERT_FIRST = RowStatement.of("""
        INSERT INTO rekindle.work (instance, position, activity, node, visible_at, scheduled_at, body)
        SELECT i.key, r.position, r.activity, r.node, (SELECT rekindle.store_now()),
          timestamptz 'epoch' + r.scheduled * interval '1 microsecond', r.body
        FROM :rows AS r (id, position, activity, node, scheduled, body)
        JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[r.id]) AND i.created_by = ? AND i.created_in = ?\
        """, TEXT, BIGINT, TEXT, BIGINT, BIGINT, TEXT);

    private static final RowStatement DELETE = RowStatement.of("""
        DELETE FROM rekindle.work AS w
        USING :rows AS r (instance, position)
        WHERE w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position\
        """, BIGINT, BIGINT);

    /** Ends attempts that this node has; says which it still had. */
    private static final RowStatement FINISH = RowStatement.of("""
        DELETE FROM rekindle.work AS w
        USING :rows AS r (instance, position, node)
        WHERE w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position AND w.node = r.node
        RETURNING w.instance, w.position\
        """, BIGINT, BIGINT, BIGINT);

    private static final RowStatement GIVE_BACK =
            RowStatement.of("""
                UPDATE rekindle.work AS w
                SET node = NULL, attempt = w.attempt + CASE WHEN r.attempted THEN 1 ELSE 0 END,
                  visible_at = CASE WHEN r.delay = 0 AND r.failure_type IS NULL THEN w.visible_at
                    ELSE (SELECT rekindle.store_now()) + r.delay * interval '1 microsecond' END,
                  failure_type = COALESCE(r.failure_type, w.failure_type),
                  failure_message = CASE WHEN r.failure_type IS NULL THEN w.failure_message ELSE r.failure_message END,
                  failure_trace = CASE WHEN r.failure_type IS NULL THEN w.failure_trace ELSE r.failure_trace END,
                  failure_retryable = COALESCE(r.failure_retryable, w.failure_retryable),
                  heartbeat = COALESCE(r.heartbeat, w.heartbeat)
                FROM :rows AS r (instance, position, node, delay, attempted, failure_type, failure_message,
                    failure_trace, failure_retryable, heartbeat)
                WHERE w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position AND w.node = r.node
                RETURNING w.visible_at\
                """, BIGINT, BIGINT, BIGINT, BIGINT, BOOLEAN, TEXT, TEXT, TEXT, BOOLEAN, TEXT);

    private static final RowStatement RENEW = RowStatement.of("""
        UPDATE rekindle.work AS w
        SET heartbeat = r.heartbeat
        FROM :rows AS r (instance, position, node, heartbeat)
        WHERE w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position AND w.node = r.node
        RETURNING w.instance, w.position\
        """, BIGINT, BIGINT, BIGINT, TEXT);

    /** Says which activities this node still has. */
    private static final RowStatement STILL_HERE = RowStatement.of("""
        SELECT w.instance, w.position
        FROM :rows AS r (instance, position, node)
        JOIN rekindle.work AS w ON w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position AND w.node = r.node\
        """, BIGINT, BIGINT, BIGINT);

    /** For rows that this version can't read: a newer one may. */
    private static final RowStatement HIDE = RowStatement.of("""
        UPDATE rekindle.work AS w
        SET node = NULL, visible_at = (SELECT rekindle.store_now()) + interval '1 minute'
        FROM :rows AS r (instance, position, node)
        WHERE w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position AND w.node = r.node\
        """, BIGINT, BIGINT, BIGINT);

    private WorkTable() {}

    static Rows insert() {
        return new Rows(INSERT);
    }

    static Rows insertFirst(NodeTable.Identity creator) {
        return new Rows(INSERT_FIRST).with(creator.key(), creator.batch());
    }

    static Rows delete() {
        return new Rows(DELETE).inOrder();
    }

    static Rows finish() {
        return new Rows(FINISH).inOrder();
    }

    static Rows giveBack() {
        return new Rows(GIVE_BACK).inOrder();
    }

    static Rows renew() {
        return new Rows(RENEW).inOrder();
    }

    static Rows stillHere() {
        return new Rows(STILL_HERE);
    }

    static Rows hide() {
        return new Rows(HIDE).inOrder();
    }
}
