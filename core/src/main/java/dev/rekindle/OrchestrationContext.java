package dev.rekindle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How the code of an orchestration takes its steps. Steps (activities, timers, waits, messages, other instances, custom
 * status) leave events in the history. Every method but {@link #isReplaying} gives the same answer when the code is replayed.
 *
 * <p>Used only on the threads that Rekindle runs the orchestration's code on. From elsewhere every method throws {@link
 * ErrorCode#WRONG_CONTEXT}, except {@link #log} and those that tell who this is and whether it is replayed.
 */
public interface OrchestrationContext {
    /** The id of this instance. */
    String instance();

    /** The identity of this life of the id. */
    String runId();

    /** Which execution this is, from 1; {@link #continueAsNew} starts the next. */
    long executionId();

    /** Whether the code is being replayed, so that what it does now was done before. */
    boolean isReplaying();

    // ---- activities

    /** Runs an activity and waits for it. */
    default <I, O> O call(Activity<I, O> activity, I input) {
        return schedule(activity, input).await();
    }

    /** Runs an activity with options and waits for it. */
    default <I, O> O call(Activity<I, O> activity, I input, UnaryOperator<ActivityOptions> options) {
        return schedule(activity, input, options).await();
    }

    /** Sets an activity going. */
    default <I, O> DurableFuture<O> schedule(Activity<I, O> activity, I input) {
        return schedule(activity, input, UnaryOperator.identity());
    }

    /** Sets an activity going, with options: {@code retry -> retry.maxAttempts(5)}. */
    <I, O> DurableFuture<O> schedule(Activity<I, O> activity, I input, UnaryOperator<ActivityOptions> options);

    // ---- time

    /** Waits for this long; it is a durable timer. */
    default void sleep(Duration duration) {
        timer(duration).await();
    }

    /** A timer that comes after this long; at least zero. */
    DurableFuture<Void> timer(Duration duration);

    /** The time of the turn, the same in every replay. */
    Instant now();

    // ---- messages

    /**
     * Waits for the next message of a channel. Messages that came earlier were kept; each goes to one wait, in order.
     *
     * @param channel 1 to {@link Limits#MAX_NAME_CHARS} characters
     */
    default <T> DurableFuture<T> event(String channel, Class<T> type) {
        return event(channel, TypeRef.of(type));
    }

    /** Like {@link #event(String, Class)}, for generic types. */
    <T> DurableFuture<T> event(String channel, TypeRef<T> type);

    /** Sends a message to a channel of another instance. If nobody can take it, it becomes a dead letter. */
    void send(String instance, String channel, @Nullable Object payload);

    // ---- other orchestrations

    /** Runs a child under an id made from this one's, and waits for it. */
    default <I, O> O callChild(Orchestration<I, O> orchestration, I input) {
        return scheduleChild(orchestration, input).await();
    }

    /** Sets a child going, under an id made from this one's. It is cancelled when this instance ends before it. */
    <I, O> DurableFuture<O> scheduleChild(Orchestration<I, O> orchestration, I input);

    /** Sets a child going under the given id. Its wait fails when the id exists. */
    <I, O> DurableFuture<O> scheduleChild(Orchestration<I, O> orchestration, String instance, I input);

    /** Starts an instance that lives on its own, whatever becomes of this one. If the id exists, nothing happens. */
    <I> void spawn(Orchestration<I, ?> orchestration, String instance, I input);

    /**
     * Ends this execution and starts the next one with an empty history. The id and the messages that no wait took are
     * kept; activities and children still under way are cancelled, as nobody could take their results. To be used as
     * {@code return ctx.continueAsNew(SELF, input)}: it takes effect when the code returns, which then counts for
     * nothing.
     *
     * @param self the definition of this orchestration, in the version that the next execution is to run
     * @return null
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} when it is the definition of another orchestration
     */
    <I, O> O continueAsNew(Orchestration<I, O> self, I input);

    // ---- doing several things

    /** All results in the order of the futures; fails as soon as one fails. Futures may be nested freely. */
    <T> DurableFuture<List<T>> allOf(List<? extends DurableFuture<? extends T>> futures);

    /** The result of the future that comes first, in the order of the history; {@code isDone} tells which it was. */
    <T> DurableFuture<T> anyOf(List<? extends DurableFuture<? extends T>> futures);

    /** Runs a piece of code as a branch beside this one. Branches take turns, in an order that history decides. */
    <T> DurableFuture<T> async(Supplier<T> branch);

    // ---- deterministic values

    /** A random id, the same in every replay. */
    UUID newUuid();

    /** Random numbers, the same in every replay. */
    RandomGenerator random();

    // ---- cancellation

    /** The reason for which the instance was asked to cancel, if it was. */
    Optional<String> cancelReason();

    /** Runs a piece of code whose waits a cancellation does not interrupt: to compensate, to clean up. */
    <T> T shielded(Supplier<T> scope);

    /** Like {@link #shielded(Supplier)}, for code that returns nothing. */
    default void shielded(Runnable scope) {
        shielded(() -> {
            scope.run();
            return true;
        });
    }

    // ---- telling

    /** Says something of this instance that clients can read at once, as JSON; null takes it back. */
    void setCustomStatus(@Nullable Object value);

    /** A logger that is silent while the code is replayed. */
    Logger log();
}
