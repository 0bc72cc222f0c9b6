package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.management.Deletion;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change that management asked for. It may run where nobody is the owner, as long as nobody becomes it meanwhile; then
 * there is no memory to follow.
 */
abstract class ChangeOp extends Op<Deletion> {
    private Deletion removed = Deletion.NONE;

    static ChangeOp of(Change change) {
        return switch (change) {
            case Change.Suspend suspend -> new Suspend(suspend);
            case Change.Resume resume -> new Resume(resume);
            case Change.Reopen reopen -> new Reopen(reopen);
            case Change.Delete delete -> new DeleteInstances(delete);
            case Change.Prune prune -> new Prune(prune);
            case Change.Import imported -> new ImportInstance(imported.export());
            case Change.DeleteDeadLetters letters -> new DeleteDeadLetters(letters);
        };
    }

    /** Lets the owner's memory follow. */
    abstract void follow(Batch batch);

    /** What it removes; known once it was written. */
    final Deletion removed() {
        return removed;
    }

    final void removed(Deletion all) {
        removed = all;
    }

    @Override
    final Deletion committed(Batch batch) {
        if (batch.board().isOwner()) {
            follow(batch);
        }
        return removed;
    }

    private static Instance require(Batch batch, String id) throws SQLException {
        Instance found = batch.find(id);
        if (found == null) {
            throw ProviderErrors.notFound(id);
        }
        return found;
    }

    private static Instance requireActive(Batch batch, String id) throws SQLException {
        Instance found = require(batch, id);
        if (found.status.isTerminal()) {
            throw ProviderErrors.ended(id, found.status);
        }
        return found;
    }

    static InstanceTable.Row row(Batch batch, Instance its) throws SQLException {
        return InstanceTable.byKey(batch.tables().session(), its.key)
                .orElseThrow(() -> ProviderErrors.notFound(its.id));
    }

    private static Instance admitted(@Nullable Instance instance) {
        return Objects.requireNonNull(instance, "not admitted");
    }

    /** Holds an instance. */
    private static final class Suspend extends ChangeOp {
        private final Change.Suspend change;
        private @Nullable Instance instance;

        Suspend(Change.Suspend change) {
            this.change = change;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            instance = requireActive(batch, change.instance());
            return batch.own(instance, false);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Instance its = admitted(instance);
            batch.tables().instance().problem.add(Status.SUSPENDED.label(), change.reason(), its.key);
            batch.moved(its.status, Status.SUSPENDED);
        }

        @Override
        void follow(Batch batch) {
            Instance its = admitted(instance);
            its.status = Status.SUSPENDED;
            its.problem = change.reason();
            batch.board().mail.release(its, Long.MIN_VALUE);
        }
    }

    /** Lets an instance go on. */
    private static final class Resume extends ChangeOp {
        private final Change.Resume change;
        private @Nullable Instance instance;
        private Status next = Status.RUNNING;
        private List<Long> putOff = List.of();
        private List<Letter> inHand = List.of();

        Resume(Change.Resume change) {
            this.change = change;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            instance = requireActive(batch, change.instance());
            next = row(batch, instance).startedAt() == null ? Status.PENDING : Status.RUNNING;
            for (WorkEntry activity : batch.board().work.of(instance.key)) {
                if (!batch.claim(activity)) {
                    return false;
                }
            }
            batch.board().promote(batch.now());
            inHand = instance.inbox().values().stream()
                    .filter(letter -> letter.counted)
                    .toList();
            return batch.own(instance, false);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Instance its = admitted(instance);
            if (its.status != next || its.problem != null) {
                batch.tables().instance().problem.add(next.label(), null, its.key);
                batch.moved(its.status, next);
            }
            putOff = WorkTable.delayedOf(batch.tables().session(), its.key, batch.now());
            for (long activity : putOff) {
                batch.tables().work().hurry.add(activity);
            }
            forgetDeaths(batch, its);
        }

        /** What the present owner noted of itself in their rows is no death, and stays. */
        private void forgetDeaths(Batch batch, Instance its) throws SQLException {
            batch.tables().message().forgetDeaths.add(its.key, batch.epoch());
            batch.tables().timer().forgetDeaths.add(Keys.first(its.key), Keys.last(its.key));
            for (Letter letter : inHand) {
                InstanceOps.mark(batch.tables(), letter, 1);
            }
        }

        @Override
        void follow(Batch batch) {
            Instance its = admitted(instance);
            its.status = next;
            its.problem = null;
            its.inbox().values().forEach(letter -> letter.nodeDeaths = 0);
            putOff.forEach(batch.board().work::hurry);
            if (!putOff.isEmpty()) {
                batch.board().workReady.signalAll();
            }
            if (its.lease == 0) {
                batch.board().mail.release(its, Long.MIN_VALUE);
            }
        }
    }

    /** Brings back an instance that has ended. */
    private static final class Reopen extends ChangeOp {
        private final WorkItem.ReopenInstance message;
        private final long lastEventId;
        private final String body;
        private @Nullable Instance instance;
        private @Nullable Letter letter;

        Reopen(Change.Reopen change) {
            this.message = change.message();
            this.lastEventId = change.lastEventId();
            this.body = JsonText.ofWork(message);
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            String id = message.instance();
            Instance found = batch.find(id);
            if (found == null || !found.runId.equals(message.runId())) {
                throw ProviderErrors.noSuchRun(id, message.runId());
            }
            if (found.status != Status.FAILED && found.status != Status.TERMINATED) {
                throw ProviderErrors.notReopenable(id, found.status);
            }
            if (found.execution != message.executionId()) {
                throw ProviderErrors.notLatestExecution(id, message.executionId(), found.execution);
            }
            if (found.lastEventId != lastEventId) {
                throw ProviderErrors.historyMoved(id, lastEventId, found.lastEventId);
            }
            instance = found;
            return batch.own(found, true);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Instance its = admitted(instance);
            batch.tables().instance().reopen.add(its.key);
            batch.moved(its.status, Status.RUNNING);
            letter = Letter.written(batch.insertMessage(its.key, null, body), its.key, message, body.length());
        }

        @Override
        void follow(Batch batch) {
            Instance its = admitted(instance);
            its.status = Status.RUNNING;
            its.problem = null;
            batch.board().mail.written(Objects.requireNonNull(letter, "not written"));
        }
    }

    /** Removes the oldest executions of an instance. */
    private static final class Prune extends ChangeOp {
        private final Change.Prune change;
        private @Nullable Instance instance;

        Prune(Change.Prune change) {
            this.change = change;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            ProviderErrors.checkKeepLast(change.instance(), change.keepLast());
            instance = require(batch, change.instance());
            return batch.own(instance, false);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Tables tables = batch.tables();
            InstanceTable.Row row = row(batch, admitted(instance));
            long first = Math.max(row.firstExecution(), row.execution() - change.keepLast() + 1);
            if (first == row.firstExecution()) {
                removed(Deletion.NONE);
                return;
            }
            long from = base(tables, row, row.firstExecution());
            long to = base(tables, row, first);
            tables.history().deleteRange.add(Keys.of(row.key(), from) + 1, Keys.of(row.key(), to));
            tables.instance().deleteExecutions.add(row.key(), first);
            tables.instance().prune.add(first, row.key());
            removed(new Deletion(0, first - row.firstExecution(), to - from, 0));
        }

        private static long base(Tables tables, InstanceTable.Row row, long execution) throws SQLException {
            return InstanceTable.start(tables.session(), row, execution)
                    .orElseThrow(() -> ProviderErrors.noSuchExecution(row.id(), execution, row.execution()))
                    .base();
        }

        @Override
        void follow(Batch batch) {}
    }

    /** Removes dead letters. */
    private static final class DeleteDeadLetters extends ChangeOp {
        private final Set<Long> keys;

        DeleteDeadLetters(Change.DeleteDeadLetters change) {
            this.keys = new HashSet<>(change.keys());
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            Bulk delete = batch.tables().message().deleteDead;
            for (long key : List.copyOf(keys)) {
                delete.add(key);
            }
            long deleted = 0;
            for (long rows : delete.flush()) {
                deleted += rows;
            }
            removed(new Deletion(0, 0, 0, deleted));
        }

        @Override
        void follow(Batch batch) {}
    }
}
