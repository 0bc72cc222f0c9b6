package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
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
public final class InMemoryProvider extends BasicInMemoryProvider implements ManagementCapability, AnalyticsCapability {
    private final Figures figures = new Figures();

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
        return look(instances ->
                instances.all().stream().map(instance -> instance.id).toList().reversed());
    }

    @Override
    public List<String> listInstancesByStatus(Status status) {
        return look(instances -> instances.all().stream()
                .filter(instance -> instance.status == status)
                .map(instance -> instance.id)
                .toList()
                .reversed());
    }

    @Override
    public List<Long> listExecutions(String instance) {
        return look(instances -> LongStream.rangeClosed(1, instances.require(instance).executionId)
                .boxed()
                .toList());
    }

    @Override
    public InstanceInfo getInstanceInfo(String instance) {
        return look(instances -> {
            Instance found = instances.require(instance);
            return new InstanceInfo(found.snapshot(), found.definition.parent(), found.lastEventId());
        });
    }

    @Override
    public ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return look(instances -> {
            Instance found = execution(instances, instance, executionId);
            List<Event> history = found.history(executionId);
            boolean current = executionId == found.executionId;
            Instant ended = history.isEmpty() ? null : history.getLast().at();
            return new ExecutionInfo(
                    instance,
                    executionId,
                    current ? found.status : Status.CONTINUED_AS_NEW,
                    current ? found.output : null,
                    current ? found.failure : null,
                    history.size(),
                    history.isEmpty() ? null : history.getFirst().at(),
                    current ? found.finishedAt : ended);
        });
    }

    @Override
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return look(instances ->
                List.copyOf(execution(instances, instance, executionId).history(executionId)));
    }

    @Override
    public SystemMetrics getSystemMetrics() {
        return look(instances -> new SystemMetrics(Inspection.counts(instances.all())));
    }

    @Override
    public QueueDepths getQueueDepths() {
        return look(instances -> new QueueDepths(
                sum(instances, instance -> instance.messages.size() + instance.delayed.size()),
                sum(instances, instance -> instance.activities.size()),
                sum(instances, instance -> instance.timers.size()),
                instances.deadLetters().size()));
    }

    // ---- analytics

    @Override
    public void addMeasurements(List<Measurement> measurements) {
        figures.add(measurements);
    }

    @Override
    public List<Measurement> sumMeasurements(Resolution resolution, Instant from, Instant to) {
        return figures.sum(resolution, from, to);
    }

    @Override
    public List<Measurement> measurementSeries(Subject.Kind kind, Resolution resolution, Instant from, Instant to) {
        return figures.series(kind, resolution, from, to);
    }

    @Override
    public long forgetMeasurements(Resolution resolution, Instant before) {
        return figures.forget(resolution, before);
    }

    private static long sum(Instances instances, ToLongFunction<Instance> count) {
        return instances.all().stream().mapToLong(count).sum();
    }

    private static Instance execution(Instances instances, String id, long executionId) {
        Instance found = instances.require(id);
        if (executionId < 1 || executionId > found.executionId) {
            throw ProviderErrors.noSuchExecution(id, executionId, found.executionId);
        }
        return found;
    }
}
