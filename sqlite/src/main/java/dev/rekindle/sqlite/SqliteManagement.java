package dev.rekindle.sqlite;

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

/** What management reads from a file, whoever opened it. */
abstract class SqliteManagement implements ManagementCapability {
    /** Runs a query in one snapshot. */
    abstract <T> T query(Session.Query<T> query);

    abstract Holders holders();

    /** The time, by the store's clock. */
    abstract long now();

    @Override
    public List<String> listInstances() {
        return query(InstanceTable::ids);
    }

    @Override
    public List<String> listInstancesByStatus(Status status) {
        return query(session -> InstanceTable.ids(session, status));
    }

    @Override
    public List<Long> listExecutions(String instance) {
        return query(session -> Reads.executions(session, instance));
    }

    @Override
    public InstanceInfo getInstanceInfo(String instance) {
        return query(session -> Reads.instanceInfo(session, instance));
    }

    @Override
    public ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return query(session -> Reads.executionInfo(session, instance, executionId));
    }

    @Override
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return query(session -> Reads.requireHistory(session, instance, executionId));
    }

    @Override
    public SystemMetrics getSystemMetrics() {
        return query(Reads::metrics);
    }

    @Override
    public QueueDepths getQueueDepths() {
        return query(Reads::depths);
    }

    @Override
    public Page<InstanceSummary> queryInstances(InstanceQuery query, PageRequest page) {
        return query(session -> Finding.page(session, query, page));
    }

    @Override
    public InstanceSummary getInstanceSummary(String instance) {
        return query(session -> Reads.summary(Reads.require(session, instance)));
    }

    @Override
    public Page<Event> readHistoryPage(String instance, long executionId, PageRequest page) {
        return query(session -> Reads.historyPage(session, instance, executionId, page));
    }

    @Override
    public InstanceQueues getInstanceQueues(String instance) {
        return query(session -> Reads.queues(session, instance, holders(), now()));
    }

    @Override
    public List<DefinitionUse> listDefinitions() {
        return query(Finding::definitions);
    }

    @Override
    public List<ActivityQueue> listActivityQueues() {
        return query(session -> WorkTable.byActivity(session, now()));
    }

    @Override
    public Page<ActivityInfo> listActivities(ActivityQuery query, PageRequest page) {
        return query(session -> QueueReads.activities(session, query, page, holders(), now()));
    }

    @Override
    public List<OverdueInstance> listOverdue(int limit) {
        PageRequest most = PageRequest.first(limit);
        return query(session -> Reads.overdue(session, now(), most.limit()));
    }

    /** {@inheritDoc} Only the owner of the file is known, not who stands by. */
    @Override
    public List<NodeInfo> listNodes() {
        return query(session -> StoreTable.owner(session).map(holders()::nodes).orElse(List.of()));
    }

    @Override
    public Page<DeadLetterInfo> listDeadLetters(PageRequest page) {
        return query(session -> Reads.deadLetters(session, page));
    }

    @Override
    public InstanceExport exportInstance(String instance) {
        return query(session -> Reads.export(session, instance, now()));
    }
}
