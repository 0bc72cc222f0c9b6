package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit.DeadLetter;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One message on its way to an instance, or a start on its way to become one. Part of an operation. */
final class Delivery {
    private final WorkItem.OrchestratorWork work;
    private final String body;
    private final Duration delay;
    private @Nullable Instance target;
    private Batch.@Nullable StartSlot slot;
    private @Nullable Letter letter;
    private @Nullable Long visibleAt;
    private @Nullable Closing closing;

    /** The instance whose execution, or life, ends in the same commit, before this arrives. */
    record Closing(Instance instance, boolean forGood) {}

    /** What becomes of a message. */
    enum Fate {
        /** It goes into the inbox, or has created its instance. */
        ACCEPTED,
        /** It is a start, and the id is taken. */
        EXISTS,
        /** No instance, or not this run of it. */
        NOT_FOUND,
        /** The instance has ended. */
        ENDED,
        /** It completes something of an earlier execution; nobody misses it. */
        STALE
    }

    /** Prepares a message, on the thread of whoever sends it. */
    Delivery(WorkItem.OrchestratorWork work, Duration delay) {
        this.work = work;
        this.body = JsonText.ofWork(work);
        this.delay = delay;
    }

    WorkItem.OrchestratorWork work() {
        return work;
    }

    /** Says what ends before this arrives. */
    void after(Closing end) {
        closing = end;
    }

    /** Finds the target. Returns false when another operation of this batch stands in the way. */
    boolean admit(Batch batch) throws SQLException {
        letter = null;
        if (work instanceof WorkItem.StartOrchestration start) {
            slot = batch.start(start);
            return true;
        }
        target = batch.find(work.instance());
        return target == null || isClosing(target) || batch.share(target);
    }

    /** What will become of it; final once the batch's starts were tried. */
    Fate fate(Batch batch) throws SQLException {
        if (slot != null) {
            return slot.created ? Fate.ACCEPTED : Fate.EXISTS;
        }
        if (target == null) {
            target = batch.findInside(work.instance());
        }
        return judge(target, work);
    }

    /** What its target's status is; only for a target that was found. */
    Status targetStatus() {
        return Objects.requireNonNull(target, "no target").status;
    }

    /** Writes a message that is accepted. */
    void accept(Batch batch) throws SQLException {
        long instance = slot != null ? slot.key : target == null ? 0 : target.key;
        visibleAt = batch.visibleAt(delay);
        long key = batch.insertMessage(instance, visibleAt, body);
        letter = visibleAt == null
                ? Letter.written(key, instance, work, body.length())
                : Letter.delayed(key, instance, work, body.length());
    }

    /** Writes what becomes of a message that a turn sent: nothing that was sent vanishes without a trace. */
    void acceptOrAnswer(Batch batch) throws SQLException {
        switch (fate(batch)) {
            case ACCEPTED -> accept(batch);
            case EXISTS -> answer(batch);
            case NOT_FOUND -> bury(batch, DeadLetter.NO_SUCH_RUN);
            case ENDED -> bury(batch, DeadLetter.TOO_LATE);
            case STALE -> {}
        }
    }

    /** All of it is durable: hands the message on in memory. */
    void committed(Batch batch) {
        Board board = batch.board();
        if (!board.isOwner()) {
            return;
        }
        if (slot != null && slot.created) {
            board.instances.created(slot, batch.now());
        }
        if (letter != null) {
            Long due = visibleAt;
            if (due == null) {
                board.mail.written(letter);
            } else {
                board.mail.delay(due, letter, true);
            }
        }
    }

    private Fate judge(@Nullable Instance target, WorkItem.OrchestratorWork work) {
        String run = work.runId();
        if (target == null || (run != null && !run.equals(target.runId))) {
            return Fate.NOT_FOUND;
        }
        boolean ended = target.status.isTerminal();
        long execution = target.execution;
        if (closing != null && isClosing(target)) {
            ended |= closing.forGood();
            execution++;
        }
        if (ended) {
            return Fate.ENDED;
        }
        return work instanceof WorkItem.CompletionWork completion && completion.executionId() != execution
                ? Fate.STALE
                : Fate.ACCEPTED;
    }

    /** Whether the target is the sender itself, which has it for itself in this batch. */
    private boolean isClosing(Instance target) {
        return closing != null && closing.instance().key == target.key;
    }

    /** Tells the parent of a start that was refused; without a parent it is a dead letter. */
    private void answer(Batch batch) throws SQLException {
        WorkItem.StartOrchestration start = (WorkItem.StartOrchestration) work;
        ParentLink parent = start.parent();
        if (parent == null) {
            bury(batch, DeadLetter.ID_TAKEN);
            return;
        }
        WorkItem.ChildFailed refusal = ProviderErrors.childExists(start.instance(), parent);
        Instance told = batch.findInside(parent.instance());
        if (told != null && judge(told, refusal) == Fate.ACCEPTED) {
            String text = JsonText.ofWork(refusal);
            letter = Letter.written(batch.insertMessage(told.key, null, text), told.key, refusal, text.length());
        }
    }

    /** Keeps what somebody meant to be read, or to run. The rest has no meaning any more: stale completions, say. */
    private void bury(Batch batch, String reason) throws SQLException {
        if (work instanceof WorkItem.RaiseEvent || work instanceof WorkItem.StartOrchestration) {
            batch.insertDeadLetter(work, body, reason);
        }
    }
}
