package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of the owner on its own account. */
final class OwnerOps {
    private OwnerOps() {}

    /** Begins a new epoch. */
    static final class TakeOver extends Op<@Nullable Void> {
        private final NodeId node;
        private Epochs epochs = new Epochs(0, new HashSet<>());

        TakeOver(NodeId node) {
            this.node = node;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            Tables tables = batch.tables();
            long epoch = StoreTable.lastEpoch(tables.session()) + 1;
            epochs = new Epochs(epoch, new HashSet<>(StoreTable.uncleanEpochs(tables.session())));
            tables.store().insertOwner.add(epoch, node.value(), batch.now());
            tables.store().forgetCleanEpochs.add(epoch);
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            batch.board().open(epochs);
            return null;
        }
    }

    /**
     * Takes back what a node holds; null stands for all. When nobody holds anything then, the epoch ends cleanly, and this
     * provider is not the owner any more. Where that can't be written down the same happens in memory: the epoch counts as
     * a death then, but nobody waits for a node that is gone.
     */
    static final class Release extends Op<@Nullable Void> {
        private final @Nullable NodeId node;
        private List<Letter> countedLetters = List.of();
        private List<WorkEntry> countedWork = List.of();
        private boolean ends;

        Release(@Nullable NodeId node) {
            this.node = node;
        }

        @Override
        boolean admit(Batch batch) {
            Board board = batch.board();
            ends = board.isOwner() && isLast(board);
            countedLetters = ends ? board.instances.countedLetters() : List.of();
            countedWork = ends ? board.work.counted() : List.of();
            return true;
        }

        private boolean isLast(Board board) {
            return node == null || !board.anyLeasedToOthers(node);
        }

        @Override
        void write(Batch batch) throws SQLException {
            for (Letter letter : countedLetters) {
                InstanceOps.mark(batch.tables(), letter, -1);
            }
            for (WorkEntry entry : countedWork) {
                batch.tables().work().deaths.add(-1L, entry.key);
            }
            if (ends) {
                batch.tables().store().release.add(batch.now(), batch.epoch());
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            takeBack(batch.board(), ends);
            return null;
        }

        @Override
        void unwritten(Board board) {
            takeBack(board, isLast(board));
        }

        private void takeBack(Board board, boolean all) {
            if (all) {
                board.clear();
            } else if (node != null) {
                board.mail.leasedTo(node).forEach(instance -> board.mail.release(instance, Long.MIN_VALUE));
                board.work.leasedTo(node).forEach(board.work::giveBack);
            }
        }
    }

    /** Removes messages of instances that have ended; events among them become dead letters. */
    static final class Bury extends Op<@Nullable Void> {
        private final List<Letter> letters;

        Bury(List<Letter> letters) {
            this.letters = letters;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            for (Letter letter : letters) {
                if (letter.text(batch.tables().session()) instanceof WorkItem.RaiseEvent event) {
                    batch.insertDeadLetter(event, JsonText.ofWork(event), TurnCommit.DeadLetter.UNTAKEN);
                }
                if (letter.isTimer()) {
                    batch.tables().timer().delete.add(-letter.id);
                } else {
                    batch.tables().message().delete.add(letter.id);
                }
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }

    /** Records what keeps an instance from going on. */
    static final class NoteProblem extends Op<@Nullable Void> {
        private final long key;
        private final String problem;
        private @Nullable Instance instance;

        NoteProblem(long key, String problem) {
            this.key = key;
            this.problem = problem;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            Board board = batch.board();
            Instance its = board.instances.get(key);
            instance = board.isOwner() && (its.loaded || batch.load(its)) ? its : null;
            if (instance == null) {
                board.instances.forget(its);
                return true;
            }
            if (its.status == Status.SUSPENDED) {
                instance = null;
                return true;
            }
            board.instances.loaded(its);
            board.instances.settle(its);
            return batch.own(its, false);
        }

        @Override
        void write(Batch batch) throws SQLException {
            if (instance != null) {
                batch.tables().instance().problem.add(instance.status.label(), problem, key);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            if (instance != null) {
                instance.problem = problem;
            }
            return null;
        }
    }

    /** Does nothing itself: the upkeep that comes before every batch is what its sender wants. */
    static final class Nudge extends Op<@Nullable Void> {
        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {}

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }
}
