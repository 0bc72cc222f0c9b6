package dev.rekindle.memory;

import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.memory.Instance.Activity;
import dev.rekindle.memory.Instance.Held;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The queue of activities, and who has them. Guarded by the gate's lock. */
final class Activities {
    private final Instances instances;
    private final DueTasks due;
    private final Set<Activity> ready = new LinkedHashSet<>();
    private long lastToken;

    Activities(Instances instances, DueTasks due) {
        this.instances = instances;
        this.due = due;
    }

    /** The activities that anyone may have, oldest first. */
    Collection<Activity> ready() {
        return ready;
    }

    /** Queues an activity for anyone. */
    void add(Instance instance, WorkItem.ActivityExecute work) {
        Activity activity = new Activity(work);
        instance.activities.put(work.scheduledId(), activity);
        ready.add(activity);
    }

    /** Queues an activity for this node. */
    WorkLease addLeased(Instance instance, WorkItem.ActivityExecute work, NodeId node) {
        Activity activity = new Activity(work);
        instance.activities.put(work.scheduledId(), activity);
        return lease(activity, node);
    }

    /** Leases ready activities. */
    List<LeasedWork> pick(int max, NodeId node) {
        List<LeasedWork> items = new ArrayList<>();
        Iterator<Activity> next = ready.iterator();
        while (items.size() < max && next.hasNext()) {
            Activity activity = next.next();
            next.remove();
            items.add(new LeasedWork(
                    lease(activity, node),
                    activity.work,
                    activity.attempt,
                    activity.nodeDeaths,
                    activity.lastFailure,
                    activity.heartbeat));
        }
        return items;
    }

    /** The activity of a lease; null when the lease is stale. */
    @Nullable
    Activity leased(WorkLease lease) {
        Instance instance = instances.find(lease.instance());
        Activity activity = instance == null ? null : instance.activities.get(lease.scheduledId());
        return activity != null && Held.with(activity.held, lease.token()) ? activity : null;
    }

    void giveBack(Activity activity, WorkAbandonment why) {
        activity.held = null;
        if (why.failure() != null) {
            activity.lastFailure = why.failure();
        }
        if (why.attempted()) {
            activity.attempt++;
        }
        if (why.heartbeat() != null) {
            activity.heartbeat = why.heartbeat();
        }
        offer(activity, why.delay().isZero() ? null : due.after(why.delay()));
    }

    private void offer(Activity activity, @Nullable Instant visibleAt) {
        activity.visibleAt = visibleAt;
        if (visibleAt == null) {
            ready.add(activity);
            return;
        }
        due.at(visibleAt, () -> {
            Instance instance = instances.find(activity.work.instance());
            if (instance != null
                    && instance.activities.get(activity.work.scheduledId()) == activity
                    && visibleAt.equals(activity.visibleAt)) {
                ready.add(activity);
            }
        });
    }

    /** Offers at once what was put off. */
    void hurry(Instance instance) {
        for (Activity activity : instance.activities.values()) {
            if (activity.visibleAt != null) {
                offer(activity, null);
            }
        }
    }

    /** Queues an activity that comes from another store. */
    void restore(Instance instance, QueuedActivity its) {
        Activity activity = new Activity(its.work());
        activity.attempt = its.attempt();
        activity.nodeDeaths = its.nodeDeaths();
        activity.lastFailure = its.lastFailure();
        activity.heartbeat = its.heartbeat();
        instance.activities.put(its.work().scheduledId(), activity);
        offer(activity, its.visibleAt());
    }

    /** Ends the leases of a node, which was the death of what it held or not. */
    void releaseAll(NodeId node, boolean died) {
        for (Instance instance : instances.all()) {
            for (Activity activity : instance.activities.values()) {
                if (Held.by(activity.held, node)) {
                    activity.held = null;
                    activity.nodeDeaths += died ? 1 : 0;
                    ready.add(activity);
                }
            }
        }
    }

    /** Takes an activity out of the queue; an unknown one is ignored. */
    void remove(Instance instance, long scheduledId) {
        Activity activity = instance.activities.remove(scheduledId);
        if (activity != null) {
            ready.remove(activity);
        }
    }

    void removeAll(Instance instance) {
        instance.activities.values().forEach(ready::remove);
        instance.activities.clear();
    }

    private WorkLease lease(Activity activity, NodeId node) {
        Held held = new Held(++lastToken, node);
        activity.held = held;
        activity.visibleAt = null;
        WorkItem.ActivityExecute work = activity.work;
        return new WorkLease(work.instance(), work.runId(), work.executionId(), work.scheduledId(), held.token());
    }
}
