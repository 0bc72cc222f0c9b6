package dev.rekindle.console;

import dev.rekindle.Client;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.RatePoint;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import dev.rekindle.management.Management;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ProviderErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in the store, as it may be shown: pages and API read through this and nothing else. Thread-safe. */
final class Reading {
    private static final int EXAMPLES = 8;

    private final Client client;
    private final Redaction redaction;

    Reading(Client client, Redaction redaction) {
        this.client = client;
        this.redaction = redaction;
    }

    String store() {
        return client.store();
    }

    boolean hasManagement() {
        return client.hasManagementCapability();
    }

    boolean hidesPayloads() {
        return redaction.hides();
    }

    private Management management() {
        return client.management();
    }

    Optional<InstanceSnapshot> find(String instance) {
        return client.getStatus(instance).map(redaction::of);
    }

    InstanceSnapshot snapshot(String instance) {
        return find(instance).orElseThrow(() -> ProviderErrors.notFound(instance));
    }

    InstanceSnapshot awaitEnd(String instance, Duration wait) throws InterruptedException {
        return redaction.of(client.awaitEnd(instance, wait));
    }

    Page<InstanceSummary> instances(InstanceQuery query, PageRequest page) {
        return redaction.page(management().instances(query, page), redaction::of);
    }

    InstanceSummary instance(String instance) {
        return redaction.of(management().instance(instance));
    }

    InstanceInfo info(String instance) {
        return redaction.of(client.getInstanceInfo(instance));
    }

    long count(InstanceQuery query, long upTo) {
        return management().count(query, upTo);
    }

    Diagnosis why(String instance) {
        return redaction.of(management().why(instance));
    }

    InstanceTree tree(String instance) {
        return redaction.of(management().tree(instance));
    }

    List<Long> executions(String instance) {
        return management().executions(instance);
    }

    /** The latest for 0. */
    ExecutionInfo execution(String instance, long executionId) {
        long wanted = executionId == 0 ? management().instance(instance).executionId() : executionId;
        return redaction.of(management().execution(instance, wanted));
    }

    Page<Event> history(String instance, long executionId, PageRequest page) {
        return redaction.page(management().history(instance, executionId, page), redaction::of);
    }

    /** A history from its beginning, as one page that may be longer than pages are. */
    Page<Event> historyUpTo(String instance, long executionId, int events) {
        List<Event> read = new ArrayList<>();
        String cursor = null;
        do {
            int limit = Math.min(events - read.size(), PageRequest.MAX_LIMIT);
            Page<Event> page = history(instance, executionId, new PageRequest(limit, cursor));
            read.addAll(page.items());
            cursor = page.next();
        } while (cursor != null && read.size() < events);
        return new Page<>(read, cursor);
    }

    InstanceQueues queues(String instance) {
        return redaction.of(management().queues(instance));
    }

    List<DefinitionUse> definitions() {
        return management().definitions();
    }

    List<ActivityQueue> activityQueues() {
        return management().activityQueues();
    }

    Page<ActivityInfo> activities(ActivityQuery query, PageRequest page) {
        return redaction.page(management().activities(query, page), redaction::of);
    }

    List<OverdueInstance> overdue(int limit) {
        return management().overdue(limit).stream().map(redaction::of).toList();
    }

    Checkup checkup() {
        return redaction.of(management().checkup(EXAMPLES));
    }

    List<NodeInfo> nodes() {
        return management().nodes();
    }

    Page<DeadLetterInfo> deadLetters(PageRequest page) {
        return redaction.page(management().deadLetters(page), redaction::of);
    }

    boolean hasAnalytics() {
        return client.capability(AnalyticsCapability.class).isPresent();
    }

    /**
     * What is known of what ended lately.
     *
     * @throws dev.rekindle.CapabilityNotAvailableException when the client has no analytics
     */
    List<SubjectReport> report(Duration window) {
        return client.analytics().report(window);
    }

    /**
     * How many of a kind ended over time.
     *
     * @throws dev.rekindle.CapabilityNotAvailableException when the client has no analytics
     */
    List<RatePoint> rates(Subject.Kind kind, Duration window) {
        return client.analytics().rates(kind, window);
    }

    List<Measurement> sums(Resolution resolution, Instant from, Instant to) {
        return client.requireCapability(AnalyticsCapability.class).sumMeasurements(resolution, from, to);
    }

    List<Measurement> series(Subject.Kind kind, Resolution resolution, Instant from, Instant to) {
        return client.requireCapability(AnalyticsCapability.class).measurementSeries(kind, resolution, from, to);
    }

    SystemMetrics metrics() {
        return management().metrics();
    }

    QueueDepths queueDepths() {
        return management().queueDepths();
    }

    /** An export is of use as a whole only, so a redactor forbids it. */
    InstanceExport export(String instance) {
        checkNothingIsHidden("An export holds every payload");
        return management().export(instance);
    }

    void checkNothingIsHidden(String because) {
        if (redaction.hides()) {
            throw new Refusal(403, "PAYLOADS_HIDDEN", because + ", and this console hides payloads.");
        }
    }
}
