package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** A provider in memory that has every capability. Thread-safe. */
public final class InMemoryProvider extends BasicInMemoryProvider
        implements EagerStartCapability, ManagementCapability, AnalyticsCapability {
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
    public Optional<EagerStart.Receipt> startEagerly(EagerStart start) {
        return begin(start);
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
        return look(instances -> Views.executions(instances.require(instance)));
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
        return look(instances -> Views.execution(instances.require(instance), executionId));
    }

    @Override
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return look(instances -> Views.history(instances.require(instance), executionId));
    }

    @Override
    public SystemMetrics getSystemMetrics() {
        return look(instances -> new SystemMetrics(Inspection.counts(instances.all())));
    }

    @Override
    public QueueDepths getQueueDepths() {
        return look(instances -> new QueueDepths(
                sum(instances, instance -> instance.letters().count()),
                sum(instances, instance -> instance.activities.size()),
                sum(instances, instance -> instance.allTimers().size()),
                instances.deadLetters().size()));
    }

    private static long sum(Instances instances, ToLongFunction<Instance> count) {
        return instances.all().stream().mapToLong(count).sum();
    }

    // ---- finding and looking closer

    @Override
    public Page<InstanceSummary> queryInstances(InstanceQuery query, PageRequest page) {
        return look(instances -> Views.query(instances.all(), query, page));
    }

    @Override
    public InstanceSummary getInstanceSummary(String instance) {
        return look(instances -> Views.summary(instances.require(instance)));
    }

    @Override
    public Page<Event> readHistoryPage(String instance, long executionId, PageRequest page) {
        return look(instances -> Views.history(instances.require(instance), executionId, page));
    }

    @Override
    public InstanceQueues getInstanceQueues(String instance) {
        return look(instances -> Views.queues(instances.require(instance)));
    }

    @Override
    public List<DefinitionUse> listDefinitions() {
        return look(instances -> Views.definitions(instances.all()));
    }

    @Override
    public List<ActivityQueue> listActivityQueues() {
        return look(instances -> Views.activityQueues(instances.all()));
    }

    @Override
    public Page<ActivityInfo> listActivities(ActivityQuery query, PageRequest page) {
        return look(instances -> Views.activities(instances.all(), query, page));
    }

    @Override
    public List<OverdueInstance> listOverdue(int limit) {
        PageRequest most = PageRequest.first(limit);
        return look(instances -> Views.overdue(instances, most.limit()));
    }

    @Override
    public List<NodeInfo> listNodes() {
        return nodes();
    }

    @Override
    public Page<DeadLetterInfo> listDeadLetters(PageRequest page) {
        return look(instances -> instances.deadLetters().page(page));
    }

    @Override
    public InstanceExport exportInstance(String instance) {
        return look(instances -> Views.export(instances.require(instance)));
    }

    // ---- changing

    @Override
    public void suspendInstance(String instance, String reason) {
        change(operations -> operations.suspend(instance, reason));
    }

    @Override
    public void resumeInstance(String instance) {
        change(operations -> operations.resume(instance));
    }

    @Override
    public void reopenInstance(WorkItem.ReopenInstance message, long lastEventId) {
        change(operations -> operations.reopen(message, lastEventId));
    }

    @Override
    public Deletion deleteInstances(List<String> instances, DeleteOptions options) {
        return operate(operations -> operations.delete(instances, options));
    }

    @Override
    public Deletion pruneExecutions(String instance, int keepLast) {
        return operate(operations -> operations.prune(instance, keepLast));
    }

    @Override
    public void importInstance(InstanceExport export) {
        change(operations -> operations.restore(export));
    }

    @Override
    public long deleteDeadLetters(List<Long> keys) {
        return look(instances -> instances.deadLetters().remove(keys));
    }

    private void change(Consumer<Operations> change) {
        operate(operations -> {
            change.accept(operations);
            return true;
        });
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
}
