package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trying instances again.
 *
 * @param provider where starts go
 * @param reading where instances are looked at
 * @param changing where they are changed
 */
record Retry(Provider provider, ManagementCapability reading, ManagementCapability changing) {

    /** {@link Management#retry(String)}. */
    void retry(InstanceSummary summary) {
        if (summary.status().isTerminal()) {
            reopen(summary, beforeTheEnd(summary));
        } else {
            changing.resumeInstance(summary.instance());
        }
    }

    /** {@link Management#retry(String, long)}. */
    void retry(InstanceSummary summary, long fromEvent) {
        reopen(summary, before(summary, fromEvent));
    }

    /** Back to in front of what ended it; throws where it can't. */
    Rewind beforeTheEnd(InstanceSummary summary) {
        return Rewind.beforeTheEnd(checkReopenable(summary), history(summary));
    }

    /** Back to in front of an event; throws where it can't. */
    Rewind before(InstanceSummary summary, long fromEvent) {
        return Rewind.before(checkReopenable(summary), history(summary), fromEvent);
    }

    private void reopen(InstanceSummary summary, Rewind rewind) {
        List<WorkItem.OrchestratorWork> answers = new ArrayList<>();
        Map<String, Runnable> afterwards = new LinkedHashMap<>();
        for (Event.ChildScheduled child : rewind.openChildren()) {
            InstanceSummary its = find(child.instance())
                    .filter(found -> found.runId().equals(child.runId()))
                    .orElse(null);
            if (its == null) {
                afterwards.put(child.instance(), () -> startAnew(summary, child));
                continue;
            }
            WorkItem.CompletionWork answer =
                    Rewind.answer(summary, child, reading.getExecutionInfo(its.instance(), its.executionId()));
            if (answer != null) {
                answers.add(answer);
            } else if (its.status().isTerminal()) {
                afterwards.put(its.instance(), () -> retry(its));
            }
        }
        changing.reopenInstance(rewind.message(answers), rewind.lastEventId());
        retryAll(summary.instance(), afterwards);
    }

    /** The parent goes on by now, and waits for each of them: trouble with one is no reason to leave the next. */
    private static void retryAll(String parent, Map<String, Runnable> children) {
        Map<String, RekindleException> errors = new LinkedHashMap<>();
        children.forEach((child, retry) -> {
            try {
                retry.run();
            } catch (RekindleException e) {
                errors.put(child, e);
            }
        });
        if (errors.isEmpty()) {
            return;
        }
        RekindleException first = errors.values().iterator().next();
        RekindleException all = new RekindleException(
                first.code(),
                "children not tried again: of '%s', which goes on and waits for them; expected none, found '%s'. Retry them by their ids. The first says: %s"
                        .formatted(parent, String.join("', '", errors.keySet()), first.getMessage()),
                first);
        errors.values().stream().skip(1).forEach(all::addSuppressed);
        throw all;
    }

    /** A child that was deleted; the parent learns it if the id has been taken by somebody else. */
    private void startAnew(InstanceSummary parent, Event.ChildScheduled child) {
        provider.enqueueOrchestratorWork(
                new WorkItem.StartOrchestration(
                        child.instance(),
                        child.runId(),
                        child.orchestration(),
                        child.version(),
                        child.input(),
                        new ParentLink(parent.instance(), parent.runId(), parent.executionId(), child.id())),
                Duration.ZERO);
    }

    private Optional<InstanceSummary> find(String instance) {
        try {
            return Optional.of(reading.getInstanceSummary(instance));
        } catch (RekindleException e) {
            if (e.code() == ErrorCode.INSTANCE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<Event> history(InstanceSummary summary) {
        return reading.readExecutionHistory(summary.instance(), summary.executionId());
    }

    private static InstanceSummary checkReopenable(InstanceSummary summary) {
        if (summary.status() != Status.FAILED && summary.status() != Status.TERMINATED) {
            throw ProviderErrors.notReopenable(summary.instance(), summary.status());
        }
        return summary;
    }
}
