package dev.rekindle.management;

import dev.rekindle.provider.ProviderErrors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What would become of instances, one after the other: each method throws what the change itself would throw, returns for
 * how many instances it would be done, and changes nothing. It remembers what would be gone by then, so there is one for
 * each thing that is to be done. Not thread-safe.
 */
public final class Rehearsal {
    private final ManagementCapability reading;
    private final Retry retry;
    private final Set<String> goneRuns = new HashSet<>();
    private Deletion removed = Deletion.NONE;

    Rehearsal(ManagementCapability reading, Retry retry) {
        this.reading = reading;
        this.retry = retry;
    }

    /** What is done to any instance that has not ended: cancel, terminate, suspend, resume. */
    public long onActive(InstanceSummary its) {
        if (its.status().isTerminal()) {
            throw ProviderErrors.ended(its.instance(), its.status());
        }
        return 1;
    }

    /** {@link Management#retry(String)}. */
    public long retry(InstanceSummary its) {
        if (its.status().isTerminal()) {
            retry.beforeTheEnd(its);
        }
        return 1;
    }

    /** {@link Management#retry(String, long)}. */
    public long retry(InstanceSummary its, long fromEvent) {
        retry.before(its, fromEvent);
        return 1;
    }

    /** {@link Management#delete} of one instance; its children are counted too. */
    public long delete(InstanceSummary its, DeleteOptions options) {
        if (goneRuns.contains(its.runId())) {
            throw ProviderErrors.notFound(its.instance());
        }
        Set<String> runs = new HashSet<>();
        Deque<InstanceSummary> open = new ArrayDeque<>(List.of(its));
        for (InstanceSummary next = open.poll(); next != null; next = open.poll()) {
            if (runs.add(next.runId())) {
                if (!options.force() && !next.status().isTerminal()) {
                    throw ProviderErrors.notEnded(next.instance(), next.status());
                }
                open.addAll(children(next, options));
            }
        }
        goneRuns.addAll(runs);
        removed = removed.plus(new Deletion(runs.size(), 0, 0, 0));
        return runs.size();
    }

    /** {@link Management#prune}. */
    public long prune(InstanceSummary its, int keepLast) {
        ProviderErrors.checkKeepLast(its.instance(), keepLast);
        int executions = reading.listExecutions(its.instance()).size();
        removed = removed.plus(new Deletion(0, Math.max(0, executions - keepLast), 0, 0));
        return 1;
    }

    /** What would be removed by all that was rehearsed: the instances, or the executions that are pruned; no more is counted. */
    public Deletion removed() {
        return removed;
    }

    private List<InstanceSummary> children(InstanceSummary parent, DeleteOptions options) {
        InstanceQuery query = InstanceQuery.ALL.withParent(parent.instance());
        List<InstanceSummary> children = new ArrayList<>();
        String cursor = null;
        do {
            Page<InstanceSummary> page = reading.queryInstances(query, new PageRequest(PageRequest.MAX_LIMIT, cursor));
            for (InstanceSummary child : page.items()) {
                if (child.isChildOf(parent) && !goneRuns.contains(child.runId())) {
                    if (!options.cascade()) {
                        throw ProviderErrors.hasChildren(parent.instance(), child.instance());
                    }
                    children.add(child);
                }
            }
            cursor = page.next();
        } while (cursor != null);
        return children;
    }
}
