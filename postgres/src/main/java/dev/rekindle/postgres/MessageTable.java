package dev.rekindle.postgres;

import static dev.rekindle.postgres.Rows.Type.BIGINT;
import static dev.rekindle.postgres.Rows.Type.TEXT;

import dev.rekindle.provider.WorkItem;

/** What is written to {@code message}, {@code timer} and {@code dead_letter}. */
final class MessageTable {
    /** The number of the message that begins an execution: it comes before all others. */
    static final long OPENING = 0;

    private static final String INSERT = """
        INSERT INTO rekindle.message (instance, number, kind, visible_at, body)
        SELECT r.instance, r.number, 'open', (SELECT rekindle.store_now()), r.body
        FROM unnest(?::bigint[], ?::bigint[], ?::text[]) AS r (instance, number, body)\
        """;

    private static final String DELETE = """
        DELETE FROM rekindle.message AS m
        USING unnest(?::bigint[], ?::bigint[]) AS r (instance, number)
        WHERE m.instance = r.instance AND m.number = r.number\
        """;

    /** For rows that this version can't read: a newer one may. */
    private static final String HIDE = """
        UPDATE rekindle.message AS m
        SET visible_at = (SELECT rekindle.store_now()) + interval '1 minute'
        FROM unnest(?::bigint[], ?::bigint[]) AS r (instance, number)
        WHERE m.instance = r.instance AND m.number = r.number\
        """;

    private static final String INSERT_TIMER = """
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT r.instance, r.position, timestamptz 'epoch' + r.due * interval '1 microsecond'
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS r (instance, position, due)\
        """;

    /** Of instances that were just inserted. */
    private static final String INSERT_FIRST_TIMER = """
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT i.key, r.position, timestamptz 'epoch' + r.due * interval '1 microsecond'
        FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS r (id, position, due)
        JOIN rekindle.instance AS i ON i.id = r.id AND i.created_by = ? AND i.created_in = ?\
        """;

    private static final String DELETE_TIMER = """
        DELETE FROM rekindle.timer AS t
        USING unnest(?::bigint[], ?::bigint[]) AS r (instance, position)
        WHERE t.instance = r.instance AND t.position = r.position\
        """;

    private static final String BURY = """
        INSERT INTO rekindle.dead_letter (instance, run_id, reason, at, body)
        SELECT r.instance, r.run_id, r.reason, (SELECT rekindle.store_now()), r.body
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS r (instance, run_id, reason, body)\
        """;

    private MessageTable() {}

    static Rows insertOpening() {
        return new Rows(INSERT, BIGINT, BIGINT, TEXT);
    }

    static Rows insertFirstTimer(NodeTable.Identity creator) {
        return new Rows(INSERT_FIRST_TIMER, TEXT, BIGINT, BIGINT).with(creator.key(), creator.batch());
    }

    static Rows delete() {
        return new Rows(DELETE, BIGINT, BIGINT);
    }

    static Rows hide() {
        return new Rows(HIDE, BIGINT, BIGINT);
    }

    static Rows insertTimer() {
        return new Rows(INSERT_TIMER, BIGINT, BIGINT, BIGINT);
    }

    static Rows deleteTimer() {
        return new Rows(DELETE_TIMER, BIGINT, BIGINT);
    }

    static Rows bury() {
        return new Rows(BURY, TEXT, TEXT, TEXT, TEXT);
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
