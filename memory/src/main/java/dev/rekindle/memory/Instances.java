package dev.rekindle.memory;

import dev.rekindle.management.InstanceSummary;
import dev.rekindle.memory.Instance.Held;
import dev.rekindle.memory.Instance.Letter;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit.DeadLetter;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The instances, their messages and who has them; and the dead letters. Guarded by the gate's lock. */
final class Instances {
    private final DueTasks due;
    private final Map<String, Instance> byId = new LinkedHashMap<>();
    private final Set<Instance> ready = new LinkedHashSet<>();
    private final DeadLetters deadLetters;
    private long lastNumber;
    private long lastMessage;
    private long lastToken;

    Instances(DueTasks due) {
        this.due = due;
        this.deadLetters = new DeadLetters(due);
    }

    // ---- finding

    /** All instances, oldest first. */
    Collection<Instance> all() {
        return byId.values();
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    @Nullable
    Instance find(String id) {
        return byId.get(id);
    }

    Instance require(String id) {
        Instance instance = byId.get(id);
        if (instance == null) {
            throw ProviderErrors.notFound(id);
        }
        return instance;
    }

    /** The instance of a lease; null when the lease is stale. */
    @Nullable
    Instance leased(InstanceLease lease) {
        Instance instance = byId.get(lease.instance());
        return instance != null && Held.with(instance.held, lease.token()) ? instance : null;
    }

    // ---- leases

    /** Leases ready instances. */
    List<OrchestrationItem> pick(int max, NodeId node) {
        List<OrchestrationItem> items = new ArrayList<>();
        Iterator<Instance> next = ready.iterator();
        while (items.size() < max && next.hasNext()) {
            Instance instance = next.next();
            next.remove();
            if (isFree(instance)) {
                items.add(lease(instance, node));
            }
        }
        return items;
    }

    private OrchestrationItem lease(Instance instance, NodeId node) {
        InstanceLease lease = hold(instance, node);
        int nodeDeaths = 0;
        for (Letter letter : instance.messages.values()) {
            letter.handed = true;
            nodeDeaths = Math.max(nodeDeaths, letter.nodeDeaths);
        }
        return new OrchestrationItem(
                lease,
                instance.definition,
                instance.executionId,
                instance.lastEventId(),
                nodeDeaths,
                instance.messages.values().stream()
                        .map(letter -> letter.message)
                        .toList());
    }

    /** Leases an instance that nobody has. */
    InstanceLease hold(Instance instance, NodeId node) {
        Held held = new Held(++lastToken, node);
        instance.held = held;
        return new InstanceLease(instance.id, instance.runId, held.token());
    }

    /** Ends a lease; the next one may have the instance after a delay. */
    void release(Instance instance, Duration delay) {
        seize(instance);
        if (delay.isZero()) {
            offer(instance);
            return;
        }
        Instant until = due.after(delay);
        instance.notBefore = until;
        due.at(until, () -> {
            if (until.equals(instance.notBefore)) {
                instance.notBefore = null;
                offer(instance);
            }
        });
    }

    /** Takes an instance away from whoever holds it, and offers it to nobody. */
    void seize(Instance instance) {
        instance.held = null;
        instance.messages.values().forEach(letter -> letter.handed = false);
    }

    /** Takes an instance out of the store. What holds on to it finds nothing in it any more. */
    void remove(Instance instance) {
        seize(instance);
        instance.messages.clear();
        instance.delayed.clear();
        instance.timers.clear();
        ready.remove(instance);
        byId.remove(instance.id);
    }

    /** Puts an instance into the store that comes from another one. Its messages come later. */
    Instance restore(InstanceSummary its) {
        if (byId.containsKey(its.instance())) {
            throw ProviderErrors.exists(its.instance());
        }
        Instance instance = new Instance(++lastNumber, its);
        byId.put(instance.id, instance);
        return instance;
    }

    /** Ends the leases of a node, which was the death of what it held or not. */
    void releaseAll(NodeId node, boolean died) {
        for (Instance instance : byId.values()) {
            if (Held.by(instance.held, node)) {
                instance.messages.values().forEach(letter -> letter.nodeDeaths += died && letter.handed ? 1 : 0);
                release(instance, Duration.ZERO);
            }
        }
    }

    // ---- messages

    /** Sends a message, or refuses it. */
    void send(WorkItem.OrchestratorWork work, Duration delay) {
        if (work instanceof WorkItem.StartOrchestration start) {
            if (!create(start, delay)) {
                throw ProviderErrors.exists(start.instance());
            }
            return;
        }
        Instance target = require(work.instance());
        if (isFormerLife(work, target)) {
            throw ProviderErrors.notFound(work.instance());
        }
        if (target.status.isTerminal()) {
            throw ProviderErrors.ended(work.instance(), target.status);
        }
        add(target, work, delay);
    }

    /** Delivers what a turn or an activity sent: nothing that was sent vanishes without a trace. */
    void deliver(WorkItem.OrchestratorWork work) {
        if (work instanceof WorkItem.StartOrchestration start) {
            if (!create(start, Duration.ZERO)) {
                answer(start);
            }
            return;
        }
        Instance target = byId.get(work.instance());
        if (target == null || isFormerLife(work, target)) {
            bury(work, DeadLetter.NO_SUCH_RUN);
        } else if (target.status.isTerminal()) {
            bury(work, DeadLetter.TOO_LATE);
        } else {
            add(target, work, Duration.ZERO);
        }
    }

    /** Removes all messages of an instance that has ended; events among them become dead letters. */
    void buryAll(Instance instance) {
        for (Map<Long, Letter> letters : List.of(instance.messages, instance.delayed)) {
            for (Letter letter : letters.values()) {
                if (letter.work() instanceof WorkItem.RaiseEvent event) {
                    bury(event, DeadLetter.UNTAKEN);
                }
            }
            letters.clear();
        }
    }

    /** Puts a message into the queue of an instance, unless it completes something of an earlier execution. */
    void add(Instance instance, WorkItem.OrchestratorWork work, Duration delay) {
        if (work instanceof WorkItem.CompletionWork completion && completion.executionId() != instance.executionId) {
            return;
        }
        add(instance, work, delay.isZero() ? null : due.after(delay));
    }

    /** The time, by the store's clock. */
    Instant now() {
        return due.now();
    }

    /** Puts a message into the queue of an instance, visible from this time on; null for now. */
    void add(Instance instance, WorkItem.OrchestratorWork work, @Nullable Instant visibleAt) {
        Letter letter = new Letter(new OrchestrationItem.Message(++lastMessage, work), visibleAt);
        if (visibleAt == null || !visibleAt.isAfter(due.now())) {
            instance.put(letter);
            offer(instance);
            return;
        }
        instance.delayed.put(letter.message.id(), letter);
        due.at(visibleAt, () -> {
            if (instance.delayed.remove(letter.message.id(), letter)) {
                instance.put(letter);
                offer(instance);
            }
        });
    }

    private boolean create(WorkItem.StartOrchestration start, Duration delay) {
        Optional<Instance> created = createEmpty(start);
        created.ifPresent(instance -> add(instance, start, delay));
        return created.isPresent();
    }

    /** Creates an instance without a message; empty when its id is taken. */
    Optional<Instance> createEmpty(WorkItem.StartOrchestration start) {
        if (byId.containsKey(start.instance())) {
            return Optional.empty();
        }
        Instance instance = new Instance(++lastNumber, start, due.now());
        byId.put(start.instance(), instance);
        return Optional.of(instance);
    }

    /** Tells the parent of a start that was refused; without a parent it is a dead letter. */
    private void answer(WorkItem.StartOrchestration start) {
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

    /** Puts an instance that anyone may have into the line, at its end. */
    void offer(Instance instance) {
        if (isFree(instance)) {
            ready.add(instance);
        }
    }

    private static boolean isFree(Instance instance) {
        return instance.held == null && instance.notBefore == null && instance.canGoOn();
    }
}
