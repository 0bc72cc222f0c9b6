package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Codec;
import dev.rekindle.Failure;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationFunction;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ForkOrigin;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the turns of one execution as a runtime would, without any provider. Every turn is taken twice: by the execution
 * that stays in memory, and by one that is replayed from the stored bytes of the history; both have to do the same.
 */
final class Rehearsal<I, O> {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String INSTANCE = "order-1";
    static final String RUN = "run-1";

    private OrchestrationCode<I, O> code;
    private final Identity identity;
    private final List<Event> history = new ArrayList<>();
    private Execution resident;
    private Instant now = START;
    private TurnOutcome.@Nullable Committable last;

    private Rehearsal(OrchestrationCode<I, O> code, @Nullable ParentLink parent) {
        this.code = code;
        this.identity = new Identity(INSTANCE, RUN, 1, parent);
        this.resident = new Execution(identity, code, Codec.json());
    }

    static <I, O> Rehearsal<I, O> of(Class<I> input, Class<O> output, OrchestrationFunction<I, O> function) {
        return new Rehearsal<>(
                new OrchestrationCode<>(Orchestration.named("ProcessOrder", input, output), function), null);
    }

    Rehearsal<I, O> childOf(ParentLink parent) {
        return new Rehearsal<>(code, parent);
    }

    /** The first turn. */
    Rehearsal<I, O> start(I input) {
        return tell(new WorkItem.StartOrchestration(
                INSTANCE, RUN, "ProcessOrder", "", Codec.json().encode(input), identity.parent()));
    }

    Rehearsal<I, O> completes(long scheduledId, @Nullable Object output) {
        return tell(activityCompleted(scheduledId, output));
    }

    static WorkItem.ActivityCompleted activityCompleted(long scheduledId, @Nullable Object output) {
        return new WorkItem.ActivityCompleted(
                INSTANCE, RUN, 1, scheduledId, Codec.json().encode(output));
    }

    Rehearsal<I, O> fails(long scheduledId, String message) {
        return tell(new WorkItem.ActivityFailed(
                INSTANCE, RUN, 1, scheduledId, new Failure("java.io.IOException", message, null, true)));
    }

    Rehearsal<I, O> fires(long scheduledId) {
        return tell(new WorkItem.TimerFired(INSTANCE, RUN, 1, scheduledId));
    }

    Rehearsal<I, O> raises(String channel, @Nullable Object payload) {
        return tell(event(channel, payload));
    }

    static WorkItem.RaiseEvent event(String channel, @Nullable Object payload) {
        return new WorkItem.RaiseEvent(INSTANCE, RUN, channel, Codec.json().encode(payload));
    }

    Rehearsal<I, O> cancels(String reason) {
        return tell(new WorkItem.CancelInstance(INSTANCE, RUN, reason));
    }

    /** One turn with these messages, a second after the one before. */
    Rehearsal<I, O> tell(WorkItem.OrchestratorWork... messages) {
        now = now.plusSeconds(1);
        Execution replayed = replayed();
        TurnOutcome.Committable once = committable(Turn.take(resident, List.of(messages), now));
        TurnOutcome.Committable again = committable(Turn.take(replayed, List.of(messages), now));
        replayed.evict();
        assertThat(again.events()).as("events after a replay").isEqualTo(once.events());
        assertThat(commit(again)).as("commit after a replay").isEqualTo(commit(once));
        history.addAll(once.events());
        last = once;
        return this;
    }

    /** The first turn of an instance that takes over a part of another one's history. */
    Rehearsal<I, O> forkOf(List<Event> past, I input) {
        return tell(new WorkItem.StartOrchestration(
                INSTANCE,
                RUN,
                "ProcessOrder",
                "",
                Codec.json().encode(input),
                null,
                Map.of(),
                new WorkItem.Fork(new ForkOrigin("source", "run-0", 1, past.size()), past)));
    }

    /** Lets the execution go on that has ended, with other code if that was mended. */
    Rehearsal<I, O> reopen(OrchestrationFunction<I, O> mended, long voidFrom, WorkItem.OrchestratorWork... again) {
        code = new OrchestrationCode<>(code.definition(), mended);
        resident = new Execution(identity, code, Codec.json());
        assertThat(resident.replayBefore(voidFrom, history)).as("mismatch").isEmpty();
        now = now.plusSeconds(1);
        last = committable(Turn.take(
                resident, List.of(new WorkItem.ReopenInstance(INSTANCE, RUN, 1, voidFrom, List.of(again))), now));
        history.addAll(last.events());
        return this;
    }

    /** What another piece of code makes of this history. */
    <P, Q> String mismatchWith(Class<P> input, Class<Q> output, OrchestrationFunction<P, Q> other) {
        Execution execution = new Execution(
                identity,
                new OrchestrationCode<>(Orchestration.named("ProcessOrder", input, output), other),
                Codec.json());
        String mismatch = execution.replay(history).orElse("");
        execution.evict();
        return mismatch;
    }

    void evict() {
        resident.evict();
    }

    /** The commit of the last turn. */
    TurnCommit commit() {
        return commit(lastTurn());
    }

    TurnOutcome.Committable lastTurn() {
        if (last == null) {
            throw new AssertionError("no turn yet");
        }
        return last;
    }

    /** The events of the last turn. */
    List<Event> events() {
        return lastTurn().events();
    }

    List<Event> history() {
        return List.copyOf(history);
    }

    Execution resident() {
        return resident;
    }

    /** What the instance returned, as JSON; only when it has completed. */
    String output() {
        assertThat(history.getLast()).isInstanceOf(Event.OrchestrationCompleted.class);
        return ((Event.OrchestrationCompleted) history.getLast()).output();
    }

    /** Why the instance failed; only when it has. */
    Failure failure() {
        assertThat(history.getLast()).isInstanceOf(Event.OrchestrationFailed.class);
        return ((Event.OrchestrationFailed) history.getLast()).failure();
    }

    private Execution replayed() {
        Execution execution = new Execution(identity, code, Codec.json());
        byte[] stored = JsonText.ofEvents(history).getBytes(StandardCharsets.UTF_8);
        List<Event> past =
                history.isEmpty() ? List.of() : JsonText.toEvents(new String(stored, StandardCharsets.UTF_8));
        assertThat(execution.replay(past)).as("mismatch").isEmpty();
        return execution;
    }

    private static TurnOutcome.Committable committable(TurnOutcome outcome) {
        assertThat(outcome).isInstanceOf(TurnOutcome.Committable.class);
        return (TurnOutcome.Committable) outcome;
    }

    private static TurnCommit commit(TurnOutcome.Committable turn) {
        return turn.commit(
                new InstanceLease(INSTANCE, RUN, 1),
                new TurnCommit.Consumed(List.of(), List.of()),
                activity -> false,
                TurnOutcome.StayHot.IF_AN_ACTIVITY_IS_LEASED);
    }
}
