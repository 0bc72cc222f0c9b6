package dev.rekindle.cli.bench;

import dev.rekindle.Client;
import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Subject;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.sqlite.InstanceGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the command line and the console ask of a store: each list, each filter, alone and together. */
final class Questions {
    private static final PageRequest PAGE = PageRequest.first(50);
    private static final int DEEP = 100;

    private final Management management;
    private final Map<String, IntSupplier> questions = new LinkedHashMap<>();
    private @Nullable String deepCursor;

    private Questions(Management management) {
        this.management = management;
    }

    /** The questions by their names, each of which says how much it found; they suit what {@link InstanceGenerator} makes. */
    static Map<String, IntSupplier> of(Client client, String prefix) {
        Management management = client.management();
        Questions all = new Questions(management);
        List<InstanceSummary> newest =
                management.instances(InstanceQuery.ALL, PAGE).items();
        if (newest.isEmpty()) {
            return Map.of();
        }
        all.lists(newest.getLast());
        all.closer(newest.getFirst(), prefix);
        all.figures(client);
        return all.questions;
    }

    private void lists(InstanceSummary sample) {
        InstanceQuery query = InstanceQuery.ALL;
        String orchestration = sample.orchestration();
        Instant middle = middle(sample.createdAt());
        list("all instances", query);
        list("status Completed", query.withStatus(Status.COMPLETED));
        list("status Failed", query.withStatus(Status.FAILED));
        list("status Running (there is none)", query.withStatus(Status.RUNNING));
        list("three statuses", query.withStatuses(Set.of(Status.FAILED, Status.CANCELLED, Status.TERMINATED)));
        list("orchestration", query.withOrchestration(orchestration));
        list("orchestration and status", query.withOrchestration(orchestration).withStatus(Status.COMPLETED));
        list("orchestration and version", query.withOrchestration(orchestration).withVersion(sample.version()));
        list("version alone", query.withVersion(sample.version()));
        list("orchestration that nobody has", query.withOrchestration("Nobody"));
        list("id in full", query.withIdPrefix(sample.instance()));
        list(
                "id prefix of some",
                query.withIdPrefix(
                        sample.instance().substring(0, sample.instance().length() - 2)));
        InstanceQuery tenant = query.withAttribute(InstanceGenerator.ATTRIBUTE, InstanceGenerator.attribute(7));
        list("attribute", tenant);
        list("attribute and status", tenant.withStatus(Status.COMPLETED));
        list("attribute that nobody has", query.withAttribute(InstanceGenerator.ATTRIBUTE, "nobody"));
        list("children of an instance", query.withParent(sample.instance()));
        list("roots only", query.withRootsOnly(true));
        list("with a problem (there is none)", query.withTroubledOnly(true));
        list("started before a time", query.withCreated(null, middle));
        list("started in an hour", query.withCreated(middle.minus(Duration.ofHours(1)), middle));
        list("ended before a time", query.withFinishedBefore(middle));
        list(
                "failed in an hour",
                query.withStatus(Status.FAILED).withCreated(middle.minus(Duration.ofHours(1)), middle));
        questions.put("page %d of all".formatted(DEEP), this::deepPage);
        questions.put(
                "count: failed, up to 1,000", () -> (int) management.count(query.withStatus(Status.FAILED), 1_000));
    }

    /** Some days before the sample where the store goes back so far, else some minutes. */
    private Instant middle(Instant sample) {
        Instant days = sample.minus(Duration.ofDays(3));
        boolean reached = !management
                .instances(InstanceQuery.ALL.withCreated(null, days), PageRequest.first(1))
                .items()
                .isEmpty();
        return reached ? days : sample.minus(Duration.ofMinutes(2));
    }

    /** The way there is gone once; what is measured is the page. */
    private int deepPage() {
        if (deepCursor == null) {
            Page<InstanceSummary> page = management.instances(InstanceQuery.ALL, PAGE);
            for (int i = 2; i < DEEP && page.next() != null; i++) {
                page = management.instances(InstanceQuery.ALL, PAGE.after(page.next()));
            }
            deepCursor = page.next();
        }
        return management
                .instances(InstanceQuery.ALL, deepCursor == null ? PAGE : PAGE.after(deepCursor))
                .items()
                .size();
    }

    private void list(String name, InstanceQuery query) {
        questions.put(
                "list: " + name, () -> management.instances(query, PAGE).items().size());
    }

    private void one(String name, Runnable question) {
        questions.put(name, () -> {
            question.run();
            return 1;
        });
    }

    private void closer(InstanceSummary sample, String prefix) {
        String id = sample.instance();
        InstanceQuery all = InstanceQuery.ALL.withIdPrefix(prefix);
        list("id prefix of all", all);
        list("id prefix of all and status", all.withStatus(Status.FAILED));
        one("metrics", management::metrics);
        one("queue depths", management::queueDepths);
        questions.put("overdue", () -> management.overdue(PAGE.limit()).size());
        one("checkup", () -> management.checkup(PAGE.limit()));
        questions.put("activity queues", () -> management.activityQueues().size());
        questions.put("definitions", () -> management.definitions().size());
        questions.put("nodes", () -> management.nodes().size());
        questions.put("dead letters", () -> management.deadLetters(PAGE).items().size());
        one("one instance", () -> management.instance(id));
        one("why", () -> management.why(id));
        questions.put("history", () -> management.history(id, 0, PAGE).items().size());
        one("tree", () -> management.tree(id));
    }

    private void figures(Client client) {
        client.capability(AnalyticsCapability.class).ifPresent(found -> {
            questions.put(
                    "figures of an hour",
                    () -> client.analytics().report(Duration.ofHours(1)).size());
            questions.put(
                    "rates of a day",
                    () -> client.analytics()
                            .rates(Subject.Kind.ORCHESTRATION, Duration.ofDays(1))
                            .size());
        });
    }
}
