package dev.rekindle.sqlite;

import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The operations on the queue of activities. */
final class WorkOps {
    private WorkOps() {}

    /** Takes an activity out of the queue and sends its completion. */
    static final class Complete extends Op<@Nullable Void> {
        private final WorkLease lease;
        private final Delivery delivery;
        private @Nullable WorkEntry entry;

        Complete(WorkLease lease, WorkItem.CompletionWork completion) {
            this.lease = lease;
            this.delivery = new Delivery(completion, Duration.ZERO);
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            entry = batch.board().work.leased(lease.token());
            if (entry == null) {
                throw ProviderErrors.workLeaseLost(lease.instance());
            }
            return batch.claim(entry) && delivery.admit(batch);
        }

        @Override
        void write(Batch batch) throws SQLException {
            batch.tables().work().delete.add(admitted(entry).key);
            if (delivery.fate(batch) == Delivery.Fate.ACCEPTED) {
                delivery.accept(batch);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            batch.board().work.remove(admitted(entry));
            countClosed(batch.board(), admitted(entry));
            delivery.committed(batch);
            return null;
        }
    }

    /** Puts a leased activity back. */
    static final class GiveBack extends Op<@Nullable Void> {
        private final WorkLease lease;
        private final WorkAbandonment why;
        private @Nullable WorkEntry entry;
        private @Nullable Long visibleAt;

        GiveBack(WorkLease lease, WorkAbandonment why) {
            this.lease = lease;
            this.why = why;
        }

        @Override
        boolean inMemory() {
            return why.failure() == null
                    && !why.attempted()
                    && why.heartbeat() == null
                    && why.delay().isZero();
        }

        @Override
        boolean admit(Batch batch) {
            entry = batch.board().work.leased(lease.token());
            return entry == null || batch.claim(entry);
        }

        @Override
        void write(Batch batch) throws SQLException {
            if (entry == null || inMemory()) {
                return;
            }
            visibleAt = batch.visibleAt(why.delay());
            batch.tables()
                    .work()
                    .addRetry(
                            entry,
                            why.attempted() ? entry.attempt + 1 : entry.attempt,
                            visibleAt,
                            why.failure() == null ? entry.failure : why.failure(),
                            why.heartbeat() == null ? entry.heartbeat : why.heartbeat());
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            if (entry == null || entry.gone) {
                return null;
            }
            if (why.failure() != null) {
                entry.failure = why.failure();
            }
            if (why.attempted()) {
                entry.attempt++;
            }
            if (why.heartbeat() != null) {
                entry.heartbeat = why.heartbeat();
            }
            if (!inMemory()) {
                entry.marked = false;
                entry.counted = false;
            }
            Long due = visibleAt;
            if (due == null) {
                batch.board().work.giveBack(entry);
            } else {
                batch.board().work.giveBack(entry, due);
            }
            return null;
        }
    }

    /** Stores what an activity reports of its progress. */
    static final class Heartbeat extends Op<Boolean> {
        private final WorkLease lease;
        private final String heartbeat;
        private @Nullable WorkEntry entry;

        Heartbeat(WorkLease lease, String heartbeat) {
            this.lease = lease;
            this.heartbeat = heartbeat;
        }

        @Override
        boolean admit(Batch batch) {
            entry = batch.board().work.leased(lease.token());
            return entry == null || batch.claim(entry);
        }

        @Override
        void write(Batch batch) throws SQLException {
            if (entry != null) {
                batch.tables().work().heartbeat.add(heartbeat, entry.key);
            }
        }

        @Override
        Boolean committed(Batch batch) {
            if (entry == null) {
                return false;
            }
            entry.heartbeat = heartbeat;
            return true;
        }
    }

    /** Queues an activity outside of any turn. */
    static final class Queue extends Op<@Nullable Void> {
        private final WorkItem.ActivityExecute work;
        private final String body;
        private @Nullable Instance instance;
        private boolean inserted;

        Queue(WorkItem.ActivityExecute work) {
            this.work = work;
            this.body = JsonText.ofWork(work);
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            Instance found = batch.find(work.instance());
            if (found == null || !found.runId.equals(work.runId())) {
                throw ProviderErrors.noSuchRun(work.instance(), work.runId());
            }
            if (found.status.isTerminal()) {
                throw ProviderErrors.ended(work.instance(), found.status);
            }
            if (work.executionId() != found.execution) {
                throw ProviderErrors.notLatestExecution(work.instance(), work.executionId(), found.execution);
            }
            instance = found;
            return batch.share(found);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Bulk insert = batch.tables().work().insertIfAbsent;
            boolean owner = batch.board().isOwner();
            insert.add(
                    key(),
                    work.activity(),
                    batch.epoch(),
                    owner ? null : Long.valueOf(batch.now()),
                    work.scheduledAt().toEpochMilli(),
                    body);
            inserted = insert.flush()[0] > 0;
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            if (inserted && batch.board().isOwner()) {
                admitted(instance).openWork++;
                batch.board().work.written(WorkEntry.written(key(), work, body.length()));
            }
            return null;
        }

        private long key() {
            Instance its = admitted(instance);
            return Keys.of(its.key, its.base + work.scheduledId());
        }
    }

    /** Writes down that leased activities are in the present owner's hands, and hands them out. */
    static final class HandOut extends Op<List<LeasedWork>> {
        private final List<WorkEntry> picked;

        HandOut(List<WorkEntry> picked) {
            this.picked = picked;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            for (WorkEntry entry : picked) {
                if (!entry.marked) {
                    batch.tables().work().deaths.add(1L, entry.key);
                }
            }
        }

        @Override
        List<LeasedWork> committed(Batch batch) {
            for (WorkEntry entry : picked) {
                entry.counted |= !entry.marked;
                entry.marked = true;
            }
            return picked.stream()
                    .filter(entry -> entry.lease != 0)
                    .map(WorkEntry::leasedWork)
                    .toList();
        }
    }

    private static void countClosed(Board board, WorkEntry entry) {
        Instance instance = board.instances.find(Keys.instance(entry.key));
        if (instance != null) {
            instance.openWork--;
        }
    }

    private static <T> T admitted(@Nullable T thing) {
        return Objects.requireNonNull(thing, "not admitted");
    }
}
