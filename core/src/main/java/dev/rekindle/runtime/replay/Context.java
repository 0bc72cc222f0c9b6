package dev.rekindle.runtime.replay;

import dev.rekindle.Activity;
import dev.rekindle.ActivityOptions;
import dev.rekindle.DurableFuture;
import dev.rekindle.ErrorCode;
import dev.rekindle.Limits;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.RekindleException;
import dev.rekindle.TypeRef;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the user's code holds in its hand: turns calls into commands of its {@link Execution}. */
final class Context implements OrchestrationContext {
    private final Execution execution;
    private final Random ids;
    private final Random random;
    private final Logger log;

    Context(Execution execution) {
        this.execution = execution;
        this.ids = execution.identity().random("ids");
        this.random = execution.identity().random("numbers");
        this.log = ReplaySilentLogger.of(execution);
    }

    @Override
    public String instance() {
        return execution.identity().instance();
    }

    @Override
    public String runId() {
        return execution.identity().runId();
    }

    @Override
    public long executionId() {
        return execution.identity().executionId();
    }

    @Override
    public boolean isReplaying() {
        return execution.isReplaying();
    }

    // ---- activities

    @Override
    public <I, O> DurableFuture<O> schedule(Activity<I, O> activity, I input, UnaryOperator<ActivityOptions> options) {
        execution.requireBranch();
        ActivityOptions chosen = options.apply(ActivityOptions.DEFAULT);
        String payload = encode("input of activity '" + activity.name() + "'", input);
        Event.ActivityScheduled scheduled =
                new Event.ActivityScheduled(execution.nextId(), execution.now(), activity.name(), payload);
        Promise.Source<String> answer = execution.emit(
                scheduled,
                effects -> effects.schedule(new WorkItem.ActivityExecute(
                        instance(),
                        runId(),
                        executionId(),
                        scheduled.id(),
                        activity.name(),
                        payload,
                        chosen,
                        execution.now())));
        return decoded(answer, activity.output());
    }

    // ---- time

    @Override
    public DurableFuture<Void> timer(Duration duration) {
        return execution.timer(duration);
    }

    @Override
    public Instant now() {
        execution.requireBranch();
        return execution.now();
    }

    // ---- messages

    @Override
    public <T> DurableFuture<T> event(String channel, TypeRef<T> type) {
        execution.requireBranch();
        return decoded(execution.awaitEvent(Limits.checkName("channel", channel)), type);
    }

    @Override
    public void send(String instance, String channel, @Nullable Object payload) {
        execution.requireBranch();
        Limits.checkInstanceId(instance);
        Limits.checkName("channel", channel);
        String text = encode("event for '" + instance + "'", payload);
        if (execution.record(new Event.EventSent(execution.nextId(), execution.now(), instance, channel, text))) {
            execution.effects().send(new WorkItem.RaiseEvent(instance, null, channel, text));
        }
    }

    // ---- other orchestrations

    @Override
    public <I, O> DurableFuture<O> scheduleChild(Orchestration<I, O> orchestration, I input) {
        return scheduleChild(orchestration, execution.identity().childInstance(execution.nextId()), input);
    }

    @Override
    public <I, O> DurableFuture<O> scheduleChild(Orchestration<I, O> orchestration, String instance, I input) {
        execution.requireBranch();
        Limits.checkInstanceId(instance);
        long id = execution.nextId();
        Event.ChildScheduled scheduled = new Event.ChildScheduled(
                id,
                execution.now(),
                instance,
                execution.identity().startedRunId(id),
                orchestration.name(),
                orchestration.version(),
                encode("input of '" + instance + "'", input));
        ParentLink parent = new ParentLink(instance(), runId(), executionId(), id);
        Promise.Source<String> answer = execution.emit(
                scheduled,
                effects -> effects.send(new WorkItem.StartOrchestration(
                        instance,
                        scheduled.runId(),
                        orchestration.name(),
                        orchestration.version(),
                        scheduled.input(),
                        parent)));
        return decoded(answer, orchestration.output());
    }

    @Override
    public <I> void spawn(Orchestration<I, ?> orchestration, String instance, I input) {
        execution.requireBranch();
        Limits.checkInstanceId(instance);
        long id = execution.nextId();
        Event.OrchestrationSpawned spawned = new Event.OrchestrationSpawned(
                id,
                execution.now(),
                instance,
                execution.identity().startedRunId(id),
                orchestration.name(),
                orchestration.version(),
                encode("input of '" + instance + "'", input));
        if (execution.record(spawned)) {
            execution
                    .effects()
                    .send(new WorkItem.StartOrchestration(
                            instance,
                            spawned.runId(),
                            orchestration.name(),
                            orchestration.version(),
                            spawned.input(),
                            null));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // what this returns counts for nothing, and O may be any type of the user's
    public <I, O> O continueAsNew(Orchestration<I, O> self, I input) {
        execution.requireBranch();
        String name = execution.code().definition().name();
        if (!self.name().equals(name)) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "can't continue as another orchestration: '%s'; expected '%s', found '%s'. Spawn it, or call it as a child."
                            .formatted(instance(), name, self.name()));
        }
        execution.continueAsNew(self.version(), encode("input of the next execution of '" + instance() + "'", input));
        return null;
    }

    // ---- doing several things

    @Override
    public <T> DurableFuture<List<T>> allOf(List<? extends DurableFuture<? extends T>> futures) {
        execution.requireBranch();
        List<Promise<? extends T>> promises = promises(futures);
        return new Promise.Derived<T, List<T>>(execution, promises, promises.size(), its -> {
            List<T> results = new ArrayList<>(its.size());
            its.forEach(promise -> results.add(promise.get()));
            return results;
        });
    }

    @Override
    public <T> DurableFuture<T> anyOf(List<? extends DurableFuture<? extends T>> futures) {
        execution.requireBranch();
        List<Promise<? extends T>> promises = promises(futures);
        if (promises.isEmpty()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "nothing to wait for: 'anyOf'; expected at least one future, found none.");
        }
        return Promise.first(execution, promises);
    }

    @Override
    public <T> DurableFuture<T> async(Supplier<T> branch) {
        boolean shielded = execution.requireBranch().isShielded();
        Promise.Source<T> result = Promise.Source.ofBranch(execution);
        execution.startBranch(
                () -> {
                    try {
                        result.complete(branch.get());
                    } catch (Exception | AssertionError | StackOverflowError e) {
                        result.fail(() -> e);
                    }
                },
                shielded);
        return result;
    }

    // ---- deterministic values

    @Override
    public UUID newUuid() {
        execution.requireBranch();
        long high = (ids.nextLong() & ~0xF000L) | 0x4000L;
        long low = (ids.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    @Override
    public RandomGenerator random() {
        execution.requireBranch();
        return random;
    }

    // ---- cancellation

    @Override
    public Optional<String> cancelReason() {
        execution.requireBranch();
        return execution.cancelReason();
    }

    @Override
    public <T> T shielded(Supplier<T> scope) {
        Branch branch = execution.requireBranch();
        branch.shield();
        try {
            return scope.get();
        } finally {
            branch.unshield();
        }
    }

    // ---- telling

    @Override
    public void setCustomStatus(@Nullable Object value) {
        execution.requireBranch();
        String text = value == null ? null : encode("custom status of '" + instance() + "'", value);
        if (execution.record(new Event.CustomStatusSet(execution.nextId(), execution.now(), text))) {
            execution.effects().showStatus(text);
        }
    }

    @Override
    public Logger log() {
        return log;
    }

    private String encode(String what, @Nullable Object value) {
        return Limits.checkPayload(what, execution.codec().encode(value));
    }

    private <T> DurableFuture<T> decoded(Promise.Source<String> payload, TypeRef<T> type) {
        return payload.map(text -> decode(text, type));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of every declared type, as in JSON
    private <T> T decode(String payload, TypeRef<T> type) {
        return (T) execution.codec().decode(payload, type.type());
    }

    private <T> List<Promise<? extends T>> promises(List<? extends DurableFuture<? extends T>> futures) {
        List<Promise<? extends T>> promises = new ArrayList<>(futures.size());
        for (DurableFuture<? extends T> future : futures) {
            if (!(future instanceof Promise<? extends T> promise) || promise.execution() != execution) {
                throw new RekindleException(
                        ErrorCode.WRONG_CONTEXT,
                        "foreign future: expected one that '%s' made, found '%s'. Use the futures of this context."
                                .formatted(instance(), future));
            }
            promises.add(promise);
        }
        return promises;
    }
}
