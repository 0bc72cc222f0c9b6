package dev.rekindle.memory;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnCommit.DeadLetter;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The basic provider of the founding idea: it runs orchestrations, has no management, and can be inspected by tests.
 * Everything is in memory and gone with the process. Thread-safe.
 *
 * <p><b>Concurrency.</b> One lock guards all state. Every change signals {@code changed}, and whoever waits looks again:
 * simple rather than fast, for tests and for trying things out.
 */
public class BasicInMemoryProvider implements Provider, InspectionCapability {
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Set<Instance> ready = new LinkedHashSet<>();
    private final Set<Instance.Activity> queued = new LinkedHashSet<>();
    private final DueTasks due = new DueTasks();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long lastNumber;
    private boolean closed;

    /** An empty store on the system's clock. */
    public BasicInMemoryProvider() {
        this(InstantSource.system());
    }

    /** An empty store on this clock. After moving a clock of your own by hand, call {@link #clockMoved()}. */
    public BasicInMemoryProvider(InstantSource clock) {
        this.clock = clock;
    }

    /** Lets whoever waits look at the clock again. */
    public final void clockMoved() {
        locked(() -> true);
    }

    @Override
    public final String name() {
        return "memory";
    }

    // ---- the orchestrator queue

    @Override
    public final List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        return take(request, () -> {
            List<OrchestrationItem> items = new ArrayList<>();
            Iterator<Instance> next = ready.iterator();
            while (items.size() < request.maxItems() && next.hasNext()) {
                Instance instance = next.next();
                next.remove();
                Instance.Held held = new Instance.Held(nextNumber(), request.node());
                instance.held = held;
                items.add(new OrchestrationItem(
                        new InstanceLease(instance.id, instance.runId, held.token()),
                        instance.definition,
                        instance.executionId,
                        instance.lastEventId(),
                        0,
                        instance.messages));
            }
            return items;
        });
    }

    @Override
    public final TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        return locked(() -> {
            Instance instance = require(commit.lease());
            check(instance, commit);
            use(instance, commit.consumed());
            instance.append(commit.events());
            if (!commit.position().version().isEmpty()) {
                instance.version(commit.position().version());
            }
            instance.problem = null;
            List<WorkLease> leased = schedule(instance, commit);
            TurnCommit.Effects effects = commit.effects();
            effects.cancelledActivities().forEach(id -> remove(instance, id));
            effects.timers().forEach(timer -> setTimer(instance, timer));
            effects.cancelledTimers().forEach(instance.timers::remove);
            effects.cancelledTimers().forEach(id -> dropFired(instance, id));
            deadLetters.addAll(effects.deadLetters());
            TurnCommit.CustomStatus shown = effects.customStatus();
            if (shown != null) {
                instance.customStatus = shown.value();
            }
            go(instance, commit.transition());
            effects.messages().forEach(this::deliver);
            if (!commit.keepLease() || instance.status.isTerminal()) {
                instance.held = null;
            }
            offer(instance);
            return new TurnReceipt(leased);
        });
    }

    @Override
    public final void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
        locked(() -> {
            Instance instance = instances.get(lease.instance());
            if (instance == null || instance.held == null || instance.held.token() != lease.token()) {
                return true;
            }
            instance.held = null;
            if (why.problem() != null) {
                instance.problem = why.problem();
            }
            if (why.stuck()) {
                instance.status = Status.STUCK;
            }
            if (why.delay().isZero()) {
                offer(instance);
            } else {
                Instant until = clock.instant().plus(why.delay());
                instance.notBefore = until;
                due.at(until, () -> {
                    instance.notBefore = null;
                    offer(instance);
                });
            }
            return true;
        });
    }

    @Override
    public final void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        locked(() -> {
            if (work instanceof WorkItem.StartOrchestration start) {
                if (!create(start, delay)) {
                    throw ProviderErrors.exists(start.instance());
                }
                return true;
            }
            Instance instance = requireInstance(work.instance());
            if (isFormerLife(work, instance)) {
                throw ProviderErrors.notFound(work.instance());
            }
            if (instance.status.isTerminal()) {
                throw ProviderErrors.ended(work.instance(), instance.status);
            }
            addMessage(instance, work, delay);
            return true;
        });
    }

    // ---- the worker queue

    @Override
    public final void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        locked(() -> {
            Instance instance = instances.get(work.instance());
            if (instance == null || !instance.runId.equals(work.runId())) {
                throw ProviderErrors.noSuchRun(work.instance(), work.runId());
            }
            if (instance.executionId != work.executionId()) {
                throw ProviderErrors.notLatestExecution(work.instance(), work.executionId(), instance.executionId);
            }
            if (!instance.activities.containsKey(work.scheduledId())) {
                Instance.Activity activity = new Instance.Activity(work);
                instance.activities.put(work.scheduledId(), activity);
                queued.add(activity);
            }
            return true;
        });
    }

    @Override
    public final List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        return take(request, () -> {
            List<LeasedWork> items = new ArrayList<>();
            Iterator<Instance.Activity> next = queued.iterator();
            while (items.size() < request.maxItems() && next.hasNext()) {
                Instance.Activity activity = next.next();
                next.remove();
                activity.held = new Instance.Held(nextNumber(), request.node());
                items.add(new LeasedWork(
                        leaseOf(activity),
                        activity.work,
                        activity.attempt,
                        0,
                        activity.lastFailure,
                        activity.heartbeat));
            }
            return items;
        });
    }

    @Override
    public final void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        locked(() -> {
            Instance.Activity activity = find(lease);
            if (activity == null) {
                throw ProviderErrors.workLeaseLost(lease.instance());
            }
            remove(requireInstance(lease.instance()), lease.scheduledId());
            deliver(completion);
            return true;
        });
    }

    @Override
    public final void abandonWorker(WorkLease lease, WorkAbandonment why) {
        locked(() -> {
            Instance.Activity activity = find(lease);
            if (activity == null) {
                return true;
            }
            activity.held = null;
            if (why.failure() != null) {
                activity.attempt++;
                activity.lastFailure = why.failure();
            }
            if (why.heartbeat() != null) {
                activity.heartbeat = why.heartbeat();
            }
            later(why.delay(), () -> {
                Instance instance = instances.get(lease.instance());
                if (instance != null && instance.activities.get(lease.scheduledId()) == activity) {
                    queued.add(activity);
                }
            });
            return true;
        });
    }

    @Override
    public final boolean renewWorker(WorkLease lease, @Nullable String heartbeat) {
        return locked(() -> {
            Instance.Activity activity = find(lease);
            if (activity != null && heartbeat != null) {
                activity.heartbeat = heartbeat;
            }
            return activity != null;
        });
    }

    // ---- reading

    @Override
    public final List<Event> read(String instance) {
        return locked(() -> {
            Instance found = instances.get(instance);
            return found == null ? List.of() : List.copyOf(found.history(found.executionId));
        });
    }

    @Override
    public final List<Event> readWithExecution(String instance, long executionId) {
        return locked(() -> {
            Instance found = instances.get(instance);
            return found == null ? List.of() : List.copyOf(found.history(executionId));
        });
    }

    @Override
    public final void appendWithExecution(String instance, long executionId, List<Event> events) {
        locked(() -> {
            Instance found = requireInstance(instance);
            if (found.held != null) {
                throw ProviderErrors.leaseLost(instance, "a node is running it");
            }
            if (found.executionId != executionId) {
                throw ProviderErrors.notLatestExecution(instance, executionId, found.executionId);
            }
            ProviderErrors.checkOrder(instance, found.lastEventId(), events);
            found.append(events);
            return true;
        });
    }

    @Override
    public final OptionalLong latestExecutionId(String instance) {
        return locked(() -> {
            Instance found = instances.get(instance);
            return found == null ? OptionalLong.empty() : OptionalLong.of(found.executionId);
        });
    }

    @Override
    public final Optional<InstanceSnapshot> findInstance(String instance) {
        return locked(() -> Optional.ofNullable(instances.get(instance)).map(Instance::snapshot));
    }

    @Override
    public final Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            while (true) {
                checkOpen();
                Instance found = instances.get(instance);
                if (found == null || found.status.isTerminal() || left <= 0) {
                    return Optional.ofNullable(found).map(Instance::snapshot);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final StoreImage inspect() {
        return locked(() -> Inspection.of(instances, queued, deadLetters));
    }

    // ---- nodes

    @Override
    public final boolean isStandby() {
        return false;
    }

    @Override
    public final void releaseNode(NodeId node) {
        locked(() -> {
            for (Instance instance : instances.values()) {
                if (instance.held != null && instance.held.node().equals(node)) {
                    instance.held = null;
                    offer(instance);
                }
                for (Instance.Activity activity : instance.activities.values()) {
                    if (activity.held != null && activity.held.node().equals(node)) {
                        activity.held = null;
                        queued.add(activity);
                    }
                }
            }
            return true;
        });
    }

    @Override
    public final void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- for management

    final <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            checkOpen();
            T result = change.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    final Map<String, Instance> instances() {
        return instances;
    }

    final int deadLetterCount() {
        return deadLetters.size();
    }

    final Instance requireInstance(String id) {
        Instance instance = instances.get(id);
        if (instance == null) {
            throw ProviderErrors.notFound(id);
        }
        return instance;
    }

    // ---- mechanics; the lock is held

    private <T> List<T> take(FetchRequest request, Supplier<List<T>> attempt) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = request.maxWait().toNanos();
            while (true) {
                checkOpen();
                if (due.run(clock.instant())) {
                    changed.signalAll();
                }
                List<T> taken = attempt.get();
                if (!taken.isEmpty() || left <= 0) {
                    return taken;
                }
                long wait = Math.min(left, due.nanosUntilNext(clock.instant()));
                left -= wait - Math.max(0, changed.awaitNanos(wait));
            }
        } finally {
            lock.unlock();
        }
    }

    private void check(Instance instance, TurnCommit commit) {
        TurnCommit.Position position = commit.position();
        if (position.executionId() != instance.executionId || position.lastEventId() != instance.lastEventId()) {
            throw ProviderErrors.positionLost(instance.id, position, instance.executionId, instance.lastEventId());
        }
        ProviderErrors.checkOrder(instance.id, position.lastEventId(), commit.events());
        for (long message : commit.consumed().messages()) {
            if (instance.messages.stream().noneMatch(known -> known.id() == message)) {
                throw ProviderErrors.leaseLost(instance.id, "message " + message + " was consumed before");
            }
        }
        for (WorkLease lease : commit.consumed().work()) {
            if (find(lease) == null) {
                throw ProviderErrors.workLeaseLost(instance.id);
            }
        }
    }

    private void use(Instance instance, TurnCommit.Consumed consumed) {
        instance.messages.removeIf(message -> consumed.messages().contains(message.id()));
        consumed.work().forEach(lease -> remove(instance, lease.scheduledId()));
    }

    private List<WorkLease> schedule(Instance instance, TurnCommit commit) {
        List<WorkLease> leased = new ArrayList<>();
        Instance.Held held = instance.held;
        for (TurnCommit.NewActivity scheduled : commit.effects().activities()) {
            Instance.Activity activity = new Instance.Activity(scheduled.work());
            instance.activities.put(scheduled.work().scheduledId(), activity);
            if (scheduled.leaseToCaller() && held != null) {
                activity.held = new Instance.Held(nextNumber(), held.node());
                leased.add(leaseOf(activity));
            } else {
                queued.add(activity);
            }
        }
        return leased;
    }

    private void go(Instance instance, TurnCommit.Transition transition) {
        switch (transition) {
            case TurnCommit.Transition.Stay stay -> instance.status = Status.RUNNING;
            case TurnCommit.Transition.ContinueAsNew next -> {
                clear(instance);
                instance.status = Status.RUNNING;
                instance.executionId++;
                instance.messages.addFirst(new OrchestrationItem.Message(nextNumber(), next.next()));
            }
            case TurnCommit.Transition.Finish finish -> {
                clear(instance);
                instance.queue().map(StoredMessage::work).forEach(work -> {
                    if (work instanceof WorkItem.RaiseEvent) {
                        bury(work, DeadLetter.UNTAKEN);
                    }
                });
                instance.messages.clear();
                instance.delayed.clear();
                instance.status = finish.status();
                instance.output = finish.output();
                instance.failure = finish.failure();
                instance.finishedAt = clock.instant();
            }
        }
    }

    private void clear(Instance instance) {
        instance.timers.keySet().forEach(id -> dropFired(instance, id));
        instance.timers.clear();
        List.copyOf(instance.activities.keySet()).forEach(id -> remove(instance, id));
    }

    private void setTimer(Instance instance, TurnCommit.Timer timer) {
        long execution = instance.executionId;
        instance.timers.put(timer.scheduledId(), timer.dueAt());
        due.at(timer.dueAt(), () -> {
            if (instance.executionId == execution && instance.timers.remove(timer.scheduledId(), timer.dueAt())) {
                addMessage(
                        instance,
                        new WorkItem.TimerFired(instance.id, instance.runId, execution, timer.scheduledId()),
                        Duration.ZERO);
            }
        });
    }

    private static void dropFired(Instance instance, long scheduledId) {
        instance.messages.removeIf(message -> message.work() instanceof WorkItem.TimerFired fired
                && fired.executionId() == instance.executionId
                && fired.scheduledId() == scheduledId);
    }

    private boolean create(WorkItem.StartOrchestration start, Duration delay) {
        if (instances.containsKey(start.instance())) {
            return false;
        }
        Instance instance = new Instance(start, clock.instant());
        instances.put(start.instance(), instance);
        addMessage(instance, start, delay);
        return true;
    }

    /** Delivers what a turn sent. */
    private void deliver(WorkItem.OrchestratorWork work) {
        if (work instanceof WorkItem.StartOrchestration start) {
            if (!create(start, Duration.ZERO)) {
                refuse(start);
            }
            return;
        }
        Instance target = instances.get(work.instance());
        if (target == null || isFormerLife(work, target)) {
            bury(work, DeadLetter.NO_SUCH_RUN);
        } else if (target.status.isTerminal()) {
            bury(work, DeadLetter.TOO_LATE);
        } else {
            addMessage(target, work, Duration.ZERO);
        }
    }

    private void refuse(WorkItem.StartOrchestration start) {
        ParentLink parent = start.parent();
        if (parent == null) {
            bury(start, DeadLetter.ID_TAKEN);
        } else {
            deliver(ProviderErrors.childExists(start.instance(), parent));
        }
    }

    /** Keeps what somebody meant to be read, or to run. The rest has no meaning any more: stale completions, say. */
    private void bury(WorkItem.OrchestratorWork work, String reason) {
        if (work instanceof WorkItem.RaiseEvent || work instanceof WorkItem.StartOrchestration) {
            deadLetters.add(new DeadLetter(work, reason));
        }
    }

    private static boolean isFormerLife(WorkItem.OrchestratorWork work, Instance target) {
        String runId = work.runId();
        return runId != null && !runId.equals(target.runId);
    }

    private void addMessage(Instance instance, WorkItem.OrchestratorWork work, Duration delay) {
        OrchestrationItem.Message message = new OrchestrationItem.Message(nextNumber(), work);
        if (delay.isZero()) {
            instance.messages.add(message);
            offer(instance);
            return;
        }
        Instant visibleAt = clock.instant().plus(delay);
        instance.delayed.put(message.id(), new Instance.Delayed(message, visibleAt));
        due.at(visibleAt, () -> {
            if (instance.delayed.remove(message.id()) != null) {
                instance.messages.add(message);
                offer(instance);
            }
        });
    }

    private void offer(Instance instance) {
        if (instance.held == null && instance.notBefore == null && !instance.messages.isEmpty()) {
            ready.add(instance);
        }
    }

    private void remove(Instance instance, long scheduledId) {
        Instance.Activity activity = instance.activities.remove(scheduledId);
        if (activity != null) {
            queued.remove(activity);
        }
    }

    private Instance.@Nullable Activity find(WorkLease lease) {
        Instance instance = instances.get(lease.instance());
        Instance.Activity activity = instance == null ? null : instance.activities.get(lease.scheduledId());
        return activity != null && activity.held != null && activity.held.token() == lease.token() ? activity : null;
    }

    private static WorkLease leaseOf(Instance.Activity activity) {
        WorkItem.ActivityExecute work = activity.work;
        Instance.Held held = activity.held;
        if (held == null) {
            throw new IllegalStateException("not held");
        }
        return new WorkLease(work.instance(), work.runId(), work.executionId(), work.scheduledId(), held.token());
    }

    private void later(Duration delay, Runnable task) {
        if (delay.isZero()) {
            task.run();
        } else {
            due.at(clock.instant().plus(delay), task);
        }
    }

    private Instance require(InstanceLease lease) {
        Instance instance = instances.get(lease.instance());
        if (instance == null || instance.held == null || instance.held.token() != lease.token()) {
            throw ProviderErrors.leaseLost(lease.instance());
        }
        return instance;
    }

    private long nextNumber() {
        return ++lastNumber;
    }

    private void checkOpen() {
        if (closed) {
            throw ProviderErrors.closed(name());
        }
    }
}
