package dev.rekindle.console.client;

import dev.rekindle.Status;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
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
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.databind.JavaType;

/** Management of the store behind a console. What is asked for as a whole is fetched in pages. Thread-safe. */
final class RemoteManagement implements ManagementCapability {
    private static final JavaType INSTANCES = Wire.type(Page.class, InstanceSummary.class);
    private static final JavaType EVENTS = Wire.type(Page.class, Event.class);
    private static final JavaType DELETION = Wire.type(Deletion.class);

    private final Connection connection;

    RemoteManagement(Connection connection) {
        this.connection = connection;
    }

    // ---- looking

    @Override
    public List<String> listInstances() {
        return ids(InstanceQuery.ALL);
    }

    @Override
    public List<String> listInstancesByStatus(Status status) {
        return ids(InstanceQuery.ALL.withStatus(status));
    }

    private List<String> ids(InstanceQuery query) {
        return whole(page -> queryInstances(query, page)).stream()
                .map(InstanceSummary::instance)
                .toList();
    }

    private static <T> List<T> whole(Function<PageRequest, Page<T>> source) {
        List<T> all = new ArrayList<>();
        PageRequest request = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            Page<T> page = source.apply(request);
            all.addAll(page.items());
            if (page.next() == null) {
                return List.copyOf(all);
            }
            request = request.after(page.next());
        }
    }

    @Override
    public List<Long> listExecutions(String instance) {
        return connection.get("/instance/executions", id(instance), Wire.type(List.class, Long.class));
    }

    @Override
    public InstanceInfo getInstanceInfo(String instance) {
        return connection.get("/instance/info", id(instance), Wire.type(InstanceInfo.class));
    }

    @Override
    public ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return connection.get(
                "/instance/execution", id(instance).and("execution", executionId), Wire.type(ExecutionInfo.class));
    }

    @Override
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return wholeHistory(instance, executionId);
    }

    /** Of the latest execution for 0. */
    List<Event> wholeHistory(String instance, long executionId) {
        return whole(page -> readHistoryPage(instance, executionId, page));
    }

    @Override
    public SystemMetrics getSystemMetrics() {
        return connection.get("/metrics", Parameters.NONE, Wire.type(SystemMetrics.class));
    }

    @Override
    public QueueDepths getQueueDepths() {
        return connection.get("/queue-depths", Parameters.NONE, Wire.type(QueueDepths.class));
    }

    @Override
    public Page<InstanceSummary> queryInstances(InstanceQuery query, PageRequest page) {
        return connection.get("/instances", paged(Parameters.of(query), page), INSTANCES);
    }

    @Override
    public InstanceSummary getInstanceSummary(String instance) {
        return connection.get("/instance/summary", id(instance), Wire.type(InstanceSummary.class));
    }

    @Override
    public Page<Event> readHistoryPage(String instance, long executionId, PageRequest page) {
        Parameters query = paged(id(instance), page);
        return connection.get(
                "/instance/history", executionId == 0 ? query : query.and("execution", executionId), EVENTS);
    }

    @Override
    public InstanceQueues getInstanceQueues(String instance) {
        return connection.get("/instance/queues", id(instance), Wire.type(InstanceQueues.class));
    }

    @Override
    public List<DefinitionUse> listDefinitions() {
        return connection.get("/definitions", Parameters.NONE, Wire.type(List.class, DefinitionUse.class));
    }

    @Override
    public List<ActivityQueue> listActivityQueues() {
        return connection.get("/activity-queues", Parameters.NONE, Wire.type(List.class, ActivityQueue.class));
    }

    @Override
    public Page<ActivityInfo> listActivities(ActivityQuery query, PageRequest page) {
        Parameters asked = Parameters.NONE.and("activity", query.activity());
        return connection.get(
                "/activities",
                paged(query.retryingOnly() ? asked.and("retrying", "true") : asked, page),
                Wire.type(Page.class, ActivityInfo.class));
    }

    @Override
    public List<OverdueInstance> listOverdue(int limit) {
        return connection.get(
                "/overdue", Parameters.NONE.and("limit", limit), Wire.type(List.class, OverdueInstance.class));
    }

    @Override
    public List<NodeInfo> listNodes() {
        return connection.get("/nodes", Parameters.NONE, Wire.type(List.class, NodeInfo.class));
    }

    @Override
    public Page<DeadLetterInfo> listDeadLetters(PageRequest page) {
        return connection.get(
                "/dead-letters", paged(Parameters.NONE, page), Wire.type(Page.class, DeadLetterInfo.class));
    }

    @Override
    public InstanceExport exportInstance(String instance) {
        return connection.get("/instance/export", id(instance), Wire.type(InstanceExport.class));
    }

    private static Parameters paged(Parameters query, PageRequest page) {
        return query.and("limit", page.limit()).and("cursor", page.cursor());
    }

    // ---- changing

    @Override
    public void suspendInstance(String instance, String reason) {
        connection.post("/instance/suspend", id(instance), new Wire.Reason(reason));
    }

    @Override
    public void resumeInstance(String instance) {
        connection.post("/instance/resume", id(instance), null);
    }

    @Override
    public void reopenInstance(WorkItem.ReopenInstance message, long lastEventId) {
        connection.post("/instance/reopen", id(message.instance()), new Wire.Reopen(message, lastEventId));
    }

    @Override
    public Deletion deleteInstances(List<String> instances, DeleteOptions options) {
        return connection.post("/instances/delete", Parameters.NONE, new Wire.Delete(instances, options), DELETION);
    }

    @Override
    public Deletion pruneExecutions(String instance, int keepLast) {
        return connection.post("/instance/prune", id(instance), new Wire.Prune(keepLast), DELETION);
    }

    @Override
    public void importInstance(InstanceExport export) {
        connection.postText("/instances/import", Parameters.NONE, JsonText.ofExport(export));
    }

    @Override
    public long deleteDeadLetters(List<Long> keys) {
        Wire.Count count = connection.post(
                "/dead-letters/delete", Parameters.NONE, new Wire.Keys(keys), Wire.type(Wire.Count.class));
        return Objects.requireNonNull(count).count();
    }

    private static Parameters id(String instance) {
        return RemoteProvider.id(instance);
    }
}
