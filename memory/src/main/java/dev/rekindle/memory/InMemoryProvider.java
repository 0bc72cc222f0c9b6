package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ProviderErrors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** A provider in memory that has management too. Thread-safe. */
public final class InMemoryProvider extends BasicInMemoryProvider implements ManagementCapability {
    /** An empty store on the system's clock. */
    public InMemoryProvider() {
        super();
    }

    /** An empty store on this clock. After moving a clock of your own by hand, call {@link #clockMoved()}. */
    public InMemoryProvider(InstantSource clock) {
        super(clock);
    }

    @Override
    public List<String> listInstances() {
        return locked(() -> List.copyOf(instances().keySet()).reversed());
    }

    @Override
    public List<String> listInstancesByStatus(Status status) {
        return locked(() -> instances().values().stream()
                .filter(instance -> instance.status == status)
                .map(instance -> instance.id)
                .toList()
                .reversed());
    }

    @Override
    public List<Long> listExecutions(String instance) {
        return locked(() -> LongStream.rangeClosed(1, requireInstance(instance).executionId)
                .boxed()
                .toList());
    }

    @Override
    public InstanceInfo getInstanceInfo(String instance) {
        return locked(() -> {
            Instance found = requireInstance(instance);
            return new InstanceInfo(found.snapshot(), found.definition.parent(), found.lastEventId());
        });
    }

    @Override
    public ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return locked(() -> {
            Instance found = requireExecution(instance, executionId);
            List<Event> history = found.history(executionId);
            boolean current = executionId == found.executionId;
            Instant end = current ? found.finishedAt : history.getLast().at();
            return new ExecutionInfo(
                    instance,
                    executionId,
                    current ? found.status : Status.CONTINUED_AS_NEW,
                    current ? found.output : null,
                    current ? found.failure : null,
                    history.size(),
                    history.isEmpty() ? null : history.getFirst().at(),
                    end);
        });
    }

    @Override
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return locked(() -> List.copyOf(requireExecution(instance, executionId).history(executionId)));
    }

    @Override
    public SystemMetrics getSystemMetrics() {
        return locked(() -> new SystemMetrics(Inspection.counts(instances().values())));
    }

    @Override
    public QueueDepths getQueueDepths() {
        return locked(() -> new QueueDepths(
                sum(instance -> instance.messages.size() + instance.delayed.size()),
                sum(instance -> instance.activities.size()),
                sum(instance -> instance.timers.size()),
                deadLetterCount()));
    }

    private long sum(ToLongFunction<Instance> count) {
        return instances().values().stream().mapToLong(count).sum();
    }

    private Instance requireExecution(String instance, long executionId) {
        Instance found = requireInstance(instance);
        if (executionId < 1 || executionId > found.executionId) {
            throw ProviderErrors.noSuchExecution(instance, executionId, found.executionId);
        }
        return found;
    }
}
