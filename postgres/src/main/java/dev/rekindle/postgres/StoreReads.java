package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
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
import java.util.List;

/** What management asks of a store, wherever its rows are read. */
abstract sealed class StoreReads implements ManagementCapability permits PostgresProvider, PostgresReplica {
    final Database database;

    StoreReads(Database database) {
        this.database = database;
    }

    /**
     * Makes sure that it is open.
     *
     * @throws dev.rekindle.RekindleException {@code CLOSED}
     */
    abstract void checkOpen();

    /** Asks one statement. */
    final <T> T query(Session.Query<T> query) {
        checkOpen();
        return database.read(query);
    }

    /** Asks several statements that see one moment. */
    final <T> T snapshot(Session.Query<T> query) {
        checkOpen();
        return database.snapshot(query);
    }

    @Override
    public final List<String> listInstances() {
        return query(Reads::instances);
    }

    @Override
    public final List<String> listInstancesByStatus(Status status) {
        return query(session -> Reads.instances(session, status));
    }

    @Override
    public final List<Long> listExecutions(String instance) {
        return query(session -> Reads.executions(session, instance));
    }

    @Override
    public final InstanceInfo getInstanceInfo(String instance) {
        return query(session -> Reads.instanceInfo(session, instance));
    }

    @Override
    public final ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return query(session -> Reads.executionInfo(session, instance, executionId));
    }

    @Override
    public final List<Event> readExecutionHistory(String instance, long executionId) {
        return query(session -> Reads.requireHistory(session, instance, executionId));
    }

    @Override
    public final SystemMetrics getSystemMetrics() {
        return query(Reads::metrics);
    }

    @Override
    public final QueueDepths getQueueDepths() {
        return query(Queues::depths);
    }

    @Override
    public final Page<InstanceSummary> queryInstances(InstanceQuery query, PageRequest page) {
        return snapshot(session -> InstanceSearch.page(session, query, page));
    }

    @Override
    public final InstanceSummary getInstanceSummary(String instance) {
        return query(session -> Reads.summary(session, instance));
    }

    @Override
    public final Page<Event> readHistoryPage(String instance, long executionId, PageRequest page) {
        return query(session -> Reads.historyPage(session, instance, executionId, page));
    }

    @Override
    public final InstanceQueues getInstanceQueues(String instance) {
        return snapshot(session -> Queues.of(session, instance));
    }

    @Override
    public final List<DefinitionUse> listDefinitions() {
        return query(Queues::definitions);
    }

    @Override
    public final List<ActivityQueue> listActivityQueues() {
        return query(Queues::activities);
    }

    @Override
    public final Page<ActivityInfo> listActivities(ActivityQuery query, PageRequest page) {
        return snapshot(session -> Queues.activities(session, query, page));
    }

    @Override
    public final List<OverdueInstance> listOverdue(int limit) {
        PageRequest most = PageRequest.first(limit);
        return query(session -> Queues.overdue(session, most.limit()));
    }

    @Override
    public final List<NodeInfo> listNodes() {
        return query(Queues::nodes);
    }

    @Override
    public final Page<DeadLetterInfo> listDeadLetters(PageRequest page) {
        return query(session -> Queues.deadLetters(session, page));
    }

    @Override
    public final InstanceExport exportInstance(String instance) {
        return snapshot(session -> Export.of(session, instance));
    }
}
