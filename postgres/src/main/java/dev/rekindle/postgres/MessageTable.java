package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;
import static dev.rekindle.postgres.RowStatement.Type.TEXT;

import dev.rekindle.provider.WorkItem;

/** What is written to {@code message}, {@code timer} and {@code dead_letter}. */
final class MessageTable {
    /** The number of the message that begins an execution: it comes before all others. */
    static final long OPENING = 0;

    private static final RowStatement INSERT = RowStatement.of("""
        INSERT INTO rekindle.message (instance, number, kind, visible_at, body)
        SELECT r.instance, r.number, 'open', (SELECT rekindle.store_now()), r.body
        FROM :rows AS r (instance, number, body)\
        """, BIGINT, BIGINT, TEXT);

    private static final RowStatement DELETE = RowStatement.of("""
        DELETE FROM rekindle.message AS m
        USING :rows AS r (instance, number)
        WHERE m.instance = ANY (ARRAY[r.instance]) AND m.number = r.number\
        """, BIGINT, BIGINT);

    /** For rows that this version can't read: a newer one may. */
    private static final RowStatement HIDE = RowStatement.of("""
        UPDATE rekindle.message AS m
        SET visible_at = (SELECT rekindle.store_now()) + interval '1 minute'
        FROM :rows AS r (instance, number)
        WHERE m.instance = ANY (ARRAY[r.instance]) AND m.number = r.number\
        """, BIGINT, BIGINT);

    private static final RowStatement INSERT_TIMER = RowStatement.of("""
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT r.instance, r.position, timestamptz 'epoch' + r.due * interval '1 microsecond'
        FROM :rows AS r (instance, position, due)\
        """, BIGINT, BIGINT, BIGINT);

    /** Of instances that were just inserted. */
    private static final RowStatement INSERT_FIRST_TIMER = RowStatement.of("""
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT i.key, r.position, timestamptz 'epoch' + r.due * interval '1 microsecond'
        FROM :rows AS r (id, position, due)
        JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[r.id]) AND i.created_by = ? AND i.created_in = ?\
        """, TEXT, BIGINT, BIGINT);

    private static final RowStatement DELETE_TIMER = RowStatement.of("""
        DELETE FROM rekindle.timer AS t
        USING :rows AS r (instance, position)
        WHERE t.instance = ANY (ARRAY[r.instance]) AND t.position = r.position\
        """, BIGINT, BIGINT);

    private static final RowStatement BURY = RowStatement.of("""
        INSERT INTO rekindle.dead_letter (instance, run_id, reason, at, body)
        SELECT r.instance, r.run_id, r.reason, (SELECT rekindle.store_now()), r.body
        FROM :rows AS r (instance, run_id, reason, body)\
        """, TEXT, TEXT, TEXT, TEXT);

    private MessageTable() {}

    static Rows insertOpening() {
        return new Rows(INSERT);
    }

    static Rows insertFirstTimer(NodeTable.Identity creator) {
        return new Rows(INSERT_FIRST_TIMER).with(creator.key(), creator.batch());
    }

    static Rows delete() {
        return new Rows(DELETE).inOrder();
    }

    static Rows hide() {
        return new Rows(HIDE);
    }

    static Rows insertTimer() {
        return new Rows(INSERT_TIMER);
    }

    static Rows deleteTimer() {
        return new Rows(DELETE_TIMER).inOrder();
    }

    static Rows bury() {
        return new Rows(BURY);
    }

    /** The word by which the store knows what to do with a message that nobody took. */
    static String kind(WorkItem.OrchestratorWork work) {
        return switch (work) {
            case WorkItem.StartOrchestration start -> "open";
            case WorkItem.ContinueAsNew next -> "open";
            case WorkItem.RaiseEvent event -> "event";
            case WorkItem.CompletionWork completion -> "completion";
            case WorkItem.TerminateInstance terminate -> "end";
            case WorkItem.CancelInstance cancel -> "other";
            case WorkItem.ReopenInstance reopen -> "other";
        };
    }
}
