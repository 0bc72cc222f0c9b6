package dev.rekindle.runtime.replay;

import dev.rekindle.ActivityFailedException;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.CancelledException;
import dev.rekindle.ChildFailedException;
import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.analytics.Subject;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One execution of an instance, alive in memory: its code, standing where the events so far have brought it.
 *
 * <p>It is brought there by {@link #replay} and goes on by {@link #deliver}; both run the code until it waits again.
 * What the code does in between comes in through {@link Context} and is recorded here.
 *
 * <p><b>Concurrency.</b> Used by one driver thread at a time. While the code runs, on a branch's thread, the driver
 * waits for it, so no state here needs a lock; only {@link #runningStack} may be called at any time.
 */
public final class Execution {
    /** What the thread of a waiting execution takes up, more or less. */
    private static final long BASE_BYTES = 6_144;

    /** What the code wants its next execution to be. */
    private record Next(String version, String input) {}

    private final Identity identity;
    private final OrchestrationCode<?, ?> code;
    private final Codec codec;
    private final Branches branches = new Branches();
    private final Mailboxes<Promise.Source<String>> mailboxes = new Mailboxes<>();
    private final OpenCommands open = new OpenCommands();
    private Journal journal = Journal.of(List.of());
    private final Deque<Runnable> untold = new ArrayDeque<>();
    private boolean telling;
    private boolean live = true;
    private EffectsDraft effects = new EffectsDraft();
    private List<Long> unwantedActivities = new ArrayList<>();
    private List<Observation> observations = new ArrayList<>();
    private Instant startedAt = Instant.EPOCH;
    private @Nullable Branch main;
    private @Nullable String cancelReason;
    private boolean cancellationTold;
    private @Nullable Next next;
    private Event.@Nullable Outcome outcome;
    private @Nullable String brokenBy;
    private boolean started;
    private boolean evicted;
    private long bytes = BASE_BYTES;

    /** An execution of which nothing has run yet. */
    public Execution(Identity identity, OrchestrationCode<?, ?> code, Codec codec) {
        this.identity = identity;
        this.code = code;
        this.codec = codec;
    }

    // ---- the driver's side

    /** Brings the code to where the history ends. Returns why it could not, if so. */
    public Optional<String> replay(List<Event> history) {
        return replay(Journal.of(history));
    }

    /**
     * Brings the code of an execution that had ended to where it goes on: what the history says from this event on counts
     * for nothing any more. Returns why it could not, if so.
     */
    public Optional<String> replayBefore(long voidFrom, List<Event> history) {
        Optional<String> trouble = replay(Journal.of(History.validBefore(history, voidFrom)));
        journal.skipTo(history.getLast().id());
        return trouble;
    }

    /** Runs the code from its beginning against what another execution was told, and takes that over. */
    void takeOver(WorkItem.StartOrchestration start, WorkItem.Fork fork) {
        List<Event> past = fork.past().stream()
                .map(event -> event instanceof Event.OrchestrationStarted began
                        ? new Event.OrchestrationStarted(
                                began.id(),
                                began.at(),
                                start.orchestration(),
                                code.definition().version(),
                                start.input(),
                                start.parent(),
                                fork.origin())
                        : event)
                .toList();
        replay(Journal.takingOver(past));
        rearm(past.getLast().id(), true);
    }

    /** Lets the effects of commands up to this event happen that have not been answered; those of children if told so. */
    void rearm(long lastEventId, boolean children) {
        for (OpenCommands.Open command : open.all()) {
            if (command.event().id() <= lastEventId
                    && (children || !(command.event() instanceof Event.ChildScheduled))) {
                command.effect().accept(effects);
            }
        }
    }

    private Optional<String> replay(Journal past) {
        journal = past;
        live = false;
        for (Optional<Event.Notification> next = journal.nextPastNotification();
                next.isPresent() && trouble().isEmpty();
                next = journal.nextPastNotification()) {
            handle(next.get());
            journal.rest();
        }
        live = true;
        return trouble();
    }

    /** Appends a notification and lets the code do what it does about it. */
    void deliver(Event.Notification notification) {
        journal.append(notification);
        handle(notification);
    }

    /** Why the execution can't go on, if it can't. */
    Optional<String> trouble() {
        return journal.mismatch().or(() -> Optional.ofNullable(brokenBy));
    }

    /** The last event, recorded or yet to be committed. */
    public long lastEventId() {
        return journal.lastId();
    }

    /** Which execution this is. */
    public Identity identity() {
        return identity;
    }

    /** The code that runs. */
    public OrchestrationCode<?, ?> code() {
        return code;
    }

    /** How much memory this keeps, estimated from what the code was given. */
    public long bytes() {
        return bytes;
    }

    /** Where the code is, while it runs. Callable from any thread. */
    public Optional<StackTraceElement[]> runningStack() {
        return branches.runningStack();
    }

    /** Whether there is anything to {@link #evict}. */
    public boolean hasThreads() {
        return branches.areAlive();
    }

    /** Ends all threads. The execution can't be used afterwards. */
    public void evict() {
        evicted = true;
        branches.evict();
    }

    Optional<Event.Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The reason of a cancellation that the code has ended without hearing of, on its main branch. */
    Optional<String> untoldCancellation() {
        return cancellationTold ? Optional.empty() : Optional.ofNullable(cancelReason);
    }

    boolean hasStarted() {
        return started;
    }

    boolean waitsFor(long scheduledId) {
        return open.contains(scheduledId);
    }

    List<Mailboxes.Letter> leftovers() {
        return mailboxes.leftovers();
    }

    List<Event> takeEvents() {
        return journal.takeFresh();
    }

    EffectsDraft takeEffects() {
        EffectsDraft taken = effects;
        effects = new EffectsDraft();
        return taken;
    }

    List<Long> takeUnwantedActivities() {
        List<Long> taken = unwantedActivities;
        unwantedActivities = new ArrayList<>();
        return taken;
    }

    List<Observation> takeObservations() {
        List<Observation> taken = observations;
        observations = new ArrayList<>();
        return taken;
    }

    private void handle(Event.Notification notification) {
        switch (notification) {
            case Event.OrchestrationStarted start -> {
                bytes += start.input().length();
                started = true;
                startedAt = start.at();
                main = startBranch(() -> runCode(start), false);
            }
            case Event.EventRaised raised -> {
                bytes += raised.payload().length();
                mailboxes.put(raised.channel(), raised.payload()).ifPresent(wait -> wait.complete(raised.payload()));
            }
            case Event.CancelRequested cancel -> cancel(cancel.reason());
            case Event.OrchestrationReopened reopened -> {}
            case Event.ActivityCompleted completed -> complete(completed, completed.output(), completed.attempt());
            case Event.ChildCompleted completed -> complete(completed, completed.output(), null);
            case Event.TimerFired fired -> complete(fired, "null", null);
            case Event.ActivityFailed failed -> fail(failed, failed.failure(), failed.attempt());
            case Event.ChildFailed failed -> fail(failed, failed.failure(), null);
        }
        branches.runUntilBlocked(() -> outcome != null || trouble().isPresent());
    }

    private void complete(Event.Completion completion, String output, @Nullable AttemptInfo attempt) {
        bytes += output.length();
        open.remove(completion.scheduledId()).ifPresent(command -> {
            observe(command.event(), Status.COMPLETED, attempt);
            command.answer().complete(output);
        });
    }

    private void fail(Event.Completion completion, Failure failure, @Nullable AttemptInfo attempt) {
        bytes += failure.message().length();
        open.remove(completion.scheduledId()).ifPresent(command -> {
            observe(command.event(), Status.FAILED, attempt);
            command.answer().fail(() -> switch (command.event()) {
                case Event.ActivityScheduled scheduled -> new ActivityFailedException(scheduled.activity(), failure);
                case Event.ChildScheduled scheduled -> new ChildFailedException(scheduled.instance(), failure);
                default -> throw new IllegalStateException("only activities and children fail");
            });
        });
    }

    /** Notes that a command was answered just now, unless that is replayed. */
    private void observe(Event.Command command, Status outcome, @Nullable AttemptInfo attempt) {
        if (!live) {
            return;
        }
        switch (command) {
            case Event.ActivityScheduled scheduled ->
                observe(Subject.Kind.ACTIVITY, scheduled.activity(), outcome, scheduled.at(), attempt);
            case Event.ChildScheduled scheduled ->
                observe(Subject.Kind.CHILD, scheduled.orchestration(), outcome, scheduled.at(), null);
            case Event.EventAwaited awaited ->
                observe(Subject.Kind.EVENT, awaited.channel(), outcome, awaited.at(), null);
            case Event.TimerCreated created -> observe(Subject.Kind.TIMER, "", outcome, created.at(), null);
            default -> throw new IllegalStateException("not a command that is answered: " + command);
        }
    }

    private void observe(Subject.Kind kind, String name, Status outcome, Instant began, @Nullable AttemptInfo attempt) {
        observations.add(new Observation(kind, name, outcome, began, now(), attempt));
    }

    private void cancel(String reason) {
        if (cancelReason != null) {
            return;
        }
        cancelReason = reason;
        withdrawUnshielded(reason);
    }

    /** Takes back what a cancellation ends, and fails the waits for it. */
    private void withdrawUnshielded(String reason) {
        for (OpenCommands.Open command : open.unshielded()) {
            withdraw(command);
            command.answer().fail(() -> new CancelledException(reason));
        }
    }

    /** Takes an open command back, leaving an event of it. */
    private void withdraw(OpenCommands.Open command) {
        long id = command.event().id();
        open.remove(id);
        switch (command.event()) {
            case Event.ActivityScheduled scheduled -> {
                if (record(new Event.ActivityCancelled(journal.nextId(), now(), id))) {
                    effects.cancelActivity(id);
                    unwantedActivities.add(id);
                }
            }
            case Event.TimerCreated created -> {
                if (record(new Event.TimerCancelled(journal.nextId(), now(), id))) {
                    effects.cancelTimer(id);
                }
            }
            case Event.EventAwaited awaited -> {
                mailboxes.giveUp(awaited.channel(), command.answer());
                record(new Event.EventWaitEnded(journal.nextId(), now(), id));
            }
            case Event.ChildScheduled scheduled -> {
                if (record(new Event.ChildCancelRequested(journal.nextId(), now(), id))) {
                    effects.send(new WorkItem.CancelInstance(
                            scheduled.instance(), scheduled.runId(), "its parent no longer waits for it"));
                }
            }
            default -> throw new IllegalStateException("not a command that is answered: " + command.event());
        }
    }

    // ---- the code's side

    private void runCode(Event.OrchestrationStarted started) {
        Event.Outcome end;
        try {
            Object input =
                    codec.decode(started.input(), code.definition().input().type());
            Object output = code.run(new Context(this), input);
            end = next != null
                    ? new Event.OrchestrationContinuedAsNew(0, now(), next.version(), next.input())
                    : new Event.OrchestrationCompleted(
                            0,
                            now(),
                            Limits.checkPayload("output of '" + identity.instance() + "'", codec.encode(output)));
        } catch (CancelledException e) {
            end = cancelReason != null
                    ? new Event.OrchestrationCancelled(0, now(), cancelReason)
                    : new Event.OrchestrationFailed(0, now(), Failure.of(e));
        } catch (Exception | AssertionError | StackOverflowError e) {
            end = new Event.OrchestrationFailed(0, now(), Failure.of(e));
        }
        end(end);
    }

    /** Records the end of the execution, after taking back what would have no use any more. */
    private void end(Event.Outcome end) {
        for (OpenCommands.Open command : open.all()) {
            switch (command.event()) {
                case Event.ChildScheduled scheduled -> withdraw(command);
                case Event.ActivityScheduled scheduled -> {
                    effects.unschedule(scheduled.id());
                    unwantedActivities.add(scheduled.id());
                }
                default -> {}
            }
        }
        Event.Outcome last = withId(end, journal.nextId());
        record(last);
        outcome = last;
        if (live && last.status().isTerminal()) {
            observe(Subject.Kind.ORCHESTRATION, "", last.status(), startedAt, null);
        }
    }

    private static Event.Outcome withId(Event.Outcome end, long id) {
        return switch (end) {
            case Event.OrchestrationCompleted e -> new Event.OrchestrationCompleted(id, e.at(), e.output());
            case Event.OrchestrationFailed e -> new Event.OrchestrationFailed(id, e.at(), e.failure());
            case Event.OrchestrationCancelled e -> new Event.OrchestrationCancelled(id, e.at(), e.reason());
            case Event.OrchestrationTerminated e -> new Event.OrchestrationTerminated(id, e.at(), e.reason());
            case Event.OrchestrationContinuedAsNew e ->
                new Event.OrchestrationContinuedAsNew(id, e.at(), e.version(), e.input());
        };
    }

    /** Puts a branch beside those that run. */
    Branch startBranch(Runnable body, boolean shielded) {
        Branch branch = new Branch(
                identity.instance(),
                () -> {
                    MDC.put("instance", identity.instance());
                    try {
                        body.run();
                    } catch (EvictedError e) {
                        throw e;
                    } catch (Throwable e) {
                        brokenBy =
                                "%s the code died of something that is not its logic: '%s'; expected it to run, found %s. It is tried again."
                                        .formatted(ErrorCode.TURN_BROKE_OFF, identity.instance(), Failure.of(e));
                    }
                },
                shielded);
        branches.add(branch);
        return branch;
    }

    /** The branch that is running. */
    Branch requireBranch() {
        Branch branch = branches.current();
        if (branch == null) {
            throw new RekindleException(
                    ErrorCode.WRONG_CONTEXT,
                    "the orchestration's context was used on a foreign thread: '%s'; expected a thread that Rekindle runs '%s' on, found '%s'. Use ctx.async for branches, and activities for everything else."
                            .formatted(
                                    identity.instance(),
                                    code.definition(),
                                    Thread.currentThread().getName()));
        }
        if (evicted) {
            throw new EvictedError();
        }
        return branch;
    }

    /**
     * Records what the code, or a cancellation, did. Where it deviates from the history the calling branch stops for
     * good.
     *
     * @return whether it is new, so that its effects have yet to happen
     */
    boolean record(Event done) {
        boolean isNew = journal.record(done, live);
        Branch branch = branches.current();
        if (branch != null && journal.mismatch().isPresent()) {
            branch.pause();
        }
        return isNew;
    }

    /** Tells listeners that a promise is done, and those of what is done thereby after them. */
    void tell(List<Runnable> listeners) {
        untold.addAll(listeners);
        if (telling) {
            return;
        }
        telling = true;
        for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
            next.run();
        }
        telling = false;
    }

    <T> T await(Promise<T> promise) {
        return noticingCancellation(() -> {
            waitFor(promise);
            return promise.get();
        });
    }

    <T> T await(Promise<T> promise, Duration timeout) {
        return noticingCancellation(() -> {
            if (!promise.isDone()) {
                waitFor(promise, timeout);
            }
            return promise.get();
        });
    }

    /** Takes note when a wait of the main branch tells it of the cancellation. */
    private <T> T noticingCancellation(Supplier<T> wait) {
        try {
            return wait.get();
        } catch (CancelledException e) {
            cancellationTold |= requireBranch() == main;
            throw e;
        }
    }

    private void waitFor(Promise<?> promise) {
        Branch branch = requireBranch();
        if (promise.isDone()) {
            return;
        }
        String reason = cancelReason;
        if (reason != null && !branch.isShielded() && promise.isInterruptible()) {
            withdrawUnshielded(reason);
            throw new CancelledException(reason);
        }
        promise.whenDone(() -> branches.makeReady(branch));
        while (!promise.isDone()) {
            branch.pause();
        }
    }

    /** Waits no longer than this. A cancellation leaves the timer of a wait that it does not end. */
    private void waitFor(Promise<?> promise, Duration timeout) {
        long timer = journal.nextId();
        boolean shielded = requireBranch().isShielded() || !promise.isInterruptible();
        Promise<Void> timeUp = timer(timeout, shielded);
        waitFor(Promise.first(this, List.of(promise, timeUp)));
        if (promise.isDone()) {
            open.find(timer).ifPresent(this::withdraw);
            return;
        }
        timeUp.get();
        promise.giveUp();
        throw new AwaitTimeoutException(
                "a wait took too long: '%s'; expected it to end within %s.".formatted(identity.instance(), timeout));
    }

    Promise<Void> timer(Duration duration) {
        return timer(duration, requireBranch().isShielded());
    }

    @SuppressWarnings("NullAway") // null is the only value of Void
    private Promise<Void> timer(Duration duration, boolean shielded) {
        if (duration.isNegative()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "negative time: '%s'; expected zero or more. Compute it from ctx.now().".formatted(duration));
        }
        Event.TimerCreated created = new Event.TimerCreated(journal.nextId(), now(), Limits.timeAfter(now(), duration));
        Promise.Source<String> due = emit(
                created, effects -> effects.setTimer(new TurnCommit.Timer(created.id(), created.fireAt())), shielded);
        return new Promise.Derived<String, Void>(this, List.of(due), 1, its -> {
            its.getFirst().get();
            return null;
        });
    }

    /** Records a command whose answer is a payload; its effect happens if it is new. */
    Promise.Source<String> emit(Event.Command command, Consumer<EffectsDraft> effect) {
        return emit(command, effect, requireBranch().isShielded());
    }

    private Promise.Source<String> emit(Event.Command command, Consumer<EffectsDraft> effect, boolean shielded) {
        if (record(command)) {
            effect.accept(effects);
        }
        Promise.Source<String> answer = new Promise.Source<>(this);
        open.add(new OpenCommands.Open(command, answer, shielded, effect));
        return answer;
    }

    Promise.Source<String> awaitEvent(String channel) {
        Event.EventAwaited awaited = new Event.EventAwaited(journal.nextId(), now(), channel);
        record(awaited);
        Promise.Source<String> letter =
                new Promise.Source<>(this, true, () -> open.find(awaited.id()).ifPresent(this::withdraw));
        open.add(new OpenCommands.Open(awaited, letter, requireBranch().isShielded(), effects -> {}));
        letter.whenDone(() -> open.remove(awaited.id()).ifPresent(command -> observe(awaited, Status.COMPLETED, null)));
        mailboxes.await(channel, letter).ifPresent(letter::complete);
        return letter;
    }

    void continueAsNew(String version, String input) {
        next = new Next(version, input);
    }

    Codec codec() {
        return codec;
    }

    EffectsDraft effects() {
        return effects;
    }

    boolean isReplaying() {
        return !live;
    }

    long nextId() {
        return journal.nextId();
    }

    Instant now() {
        return journal.now();
    }

    /** Why the instance was asked to cancel, if it was; who asks has been told. */
    Optional<String> cancelReason() {
        cancellationTold |= cancelReason != null;
        return Optional.ofNullable(cancelReason);
    }
}
