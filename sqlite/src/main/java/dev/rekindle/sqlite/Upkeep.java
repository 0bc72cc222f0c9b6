package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads into memory what the owner will need next. Runs on the writer's thread at the beginning of a transaction, when
 * file and memory agree.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int PAGE = 5_000;

    /** How old a request can be: more than its sender waits for the answer. */
    private static final long REQUEST_MILLIS = 120_000;

    private final Board board;
    private final Consumer<Op<?>> later;
    private boolean requests = true;
    private long epoch;

    /** {@code later} takes operations that follow from what was read. */
    Upkeep(Board board, Consumer<Op<?>> later) {
        this.board = board;
        this.later = later;
    }

    /** Somebody else has written: what may be news has to be looked for. */
    void foreignWrite() {
        board.lock.lock();
        try {
            board.mail.moreOnDisk();
            board.mail.delayed.review();
            board.work.delayed.review();
        } finally {
            board.lock.unlock();
        }
        requests = true;
    }

    void run(Session session, long now) throws SQLException {
        readMessages(session);
        readDelayedMessages(session, now);
        readTimers(session, now);
        readWork(session);
        readDelayedWork(session, now);
        readRequests(session, now);
        List<Letter> orphans = under(() -> {
            board.instances.makeRoom();
            return board.mail.takeOrphans();
        });
        if (!orphans.isEmpty()) {
            later.accept(new OwnerOps.Bury(orphans));
        }
    }

    private void readMessages(Session session) throws SQLException {
        while (under(() -> board.mail.wantsPage())) {
            List<MessageTable.Row> rows = MessageTable.visible(session, board.mail.cursor(), PAGE);
            long last = StoreTable.lastKey(session, StoreTable.MESSAGE);
            List<@Nullable Letter> letters = new ArrayList<>();
            for (MessageTable.Row row : rows) {
                letters.add(letter(row));
            }
            under(() -> {
                for (int i = 0; i < rows.size(); i++) {
                    Letter letter = letters.get(i);
                    if (!board.mail.hasRoom()) {
                        return null;
                    }
                    if (letter == null) {
                        board.mail.skipped(rows.get(i).key());
                    } else {
                        board.mail.arrived(letter);
                    }
                }
                if (rows.size() < PAGE) {
                    board.mail.allRead(last);
                }
                return null;
            });
        }
    }

    private void readDelayedMessages(Session session, long now) throws SQLException {
        DueQueue<Letter> queue = board.mail.delayed;
        if (!under(() -> queue.wantsPage(now))) {
            return;
        }
        long until = now + DueQueue.HORIZON_MILLIS;
        List<MessageTable.Row> rows = MessageTable.delayed(session, queue.position(), until, DueQueue.PAGE);
        List<Letter> letters = new ArrayList<>();
        List<Long> dues = new ArrayList<>();
        for (MessageTable.Row row : rows) {
            Letter letter = letter(row);
            Long due = row.visibleAt();
            if (letter != null && due != null) {
                letters.add(letter);
                dues.add(due);
            }
        }
        under(() -> {
            for (int i = 0; i < letters.size(); i++) {
                board.mail.delay(dues.get(i), letters.get(i), false);
            }
            MessageTable.Row last = full(rows);
            queue.pageRead(until, last == null ? null : place(last.visibleAt(), last.key()));
            return null;
        });
    }

    private void readTimers(Session session, long now) throws SQLException {
        DueQueue<Letter> queue = board.mail.timers;
        if (!under(() -> queue.wantsPage(now))) {
            return;
        }
        long until = now + DueQueue.HORIZON_MILLIS;
        List<TimerTable.Row> rows = TimerTable.due(session, queue.position(), until, DueQueue.PAGE);
        long current = board.epochs().current();
        under(() -> {
            for (TimerTable.Row row : rows) {
                if (!queue.contains(row.key())) {
                    queue.read(
                            row.dueAt(), row.key(), Letter.timer(row.key(), row.nodeDeaths(), row.epoch() == current));
                }
            }
            TimerTable.Row last = full(rows);
            queue.pageRead(until, last == null ? null : place(last.dueAt(), last.key()));
            return null;
        });
    }

    private void readWork(Session session) throws SQLException {
        long after = Long.MIN_VALUE;
        boolean more = under(() -> board.work.wantsPage());
        while (more) {
            List<WorkTable.Row> rows = WorkTable.visible(session, after, PAGE);
            List<WorkEntry> entries = entries(rows);
            more = under(() -> {
                for (WorkEntry entry : entries) {
                    if (!board.work.hasRoom()) {
                        return false;
                    }
                    if (!board.work.knows(entry.key)) {
                        board.work.read(entry);
                    }
                }
                if (rows.size() < PAGE) {
                    board.work.allRead();
                }
                return rows.size() == PAGE;
            });
            after = rows.isEmpty() ? after : rows.getLast().key();
        }
    }

    private void readDelayedWork(Session session, long now) throws SQLException {
        DueQueue<WorkEntry> queue = board.work.delayed;
        if (!under(() -> queue.wantsPage(now))) {
            return;
        }
        long until = now + DueQueue.HORIZON_MILLIS;
        List<WorkTable.Row> rows = WorkTable.delayed(session, queue.position(), until, DueQueue.PAGE);
        List<WorkEntry> entries = entries(rows);
        under(() -> {
            for (WorkEntry entry : entries) {
                board.work.readDelayed(entry.visibleAt, entry);
            }
            WorkTable.Row last = full(rows);
            queue.pageRead(until, last == null ? null : place(last.visibleAt(), last.key()));
            return null;
        });
    }

    /** Who waits for an answer asks for a while only: what is older is of no use to anybody. */
    private void readRequests(Session session, long now) throws SQLException {
        long current = board.epochs().current();
        if (!requests && current == epoch) {
            return;
        }
        epoch = current;
        requests = false;
        for (RequestTable.Row row : RequestTable.oldest(session, PAGE)) {
            if (row.at() < now - REQUEST_MILLIS) {
                later.accept(new RequestOps.Withdraw(row.key()));
            } else if (row.isOpen()) {
                later.accept(new RequestOps.Perform(row.key()));
            }
        }
    }

    private @Nullable Letter letter(MessageTable.Row row) {
        try {
            if (JsonText.toWork(row.body()) instanceof WorkItem.OrchestratorWork work) {
                return Letter.read(row, work, board.epochs());
            }
            unreadable(row.instance(), "message " + row.key() + " is no message for an instance");
        } catch (RekindleException e) {
            unreadable(row.instance(), "message %d: %s".formatted(row.key(), e.getMessage()));
        }
        return null;
    }

    private List<WorkEntry> entries(List<WorkTable.Row> rows) {
        List<WorkEntry> entries = new ArrayList<>();
        for (WorkTable.Row row : rows) {
            try {
                if (JsonText.toWork(row.body()) instanceof WorkItem.ActivityExecute work) {
                    entries.add(WorkEntry.read(row, work, board.epochs()));
                } else {
                    unreadableWork(row, "it is no activity");
                }
            } catch (RekindleException e) {
                unreadableWork(row, String.valueOf(e.getMessage()));
            }
        }
        return entries;
    }

    private void unreadableWork(WorkTable.Row row, String why) {
        if (under(() -> board.work.unreadable(row.key()))) {
            unreadable(Keys.instance(row.key()), "queued activity %d: %s".formatted(row.key(), why));
        }
    }

    private void unreadable(long instance, String problem) {
        LOG.warn("Left where it is, and those behind it go on: {}", problem);
        later.accept(new OwnerOps.NoteProblem(instance, problem));
    }

    private static <R> @Nullable R full(List<R> rows) {
        return rows.size() < DueQueue.PAGE ? null : rows.getLast();
    }

    private static DueQueue.Place place(@Nullable Long due, long key) {
        return new DueQueue.Place(due == null ? 0 : due, key);
    }

    private <T extends @Nullable Object> T under(Supplier<T> action) {
        board.lock.lock();
        try {
            return action.get();
        } finally {
            board.lock.unlock();
        }
    }
}
