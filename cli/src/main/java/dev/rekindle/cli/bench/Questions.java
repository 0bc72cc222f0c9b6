package dev.rekindle.cli.bench;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command line and the console ask of a store: each list, each filter, alone and together. */
final class Questions {
    private static final PageRequest PAGE = PageRequest.first(50);

    private final Management management;
    private final Map<String, Runnable> questions = new LinkedHashMap<>();

    private Questions(Management management) {
        this.management = management;
    }

    /** The questions by their names; they suit what {@link dev.rekindle.sqlite.InstanceGenerator} makes. */
    static Map<String, Runnable> of(Management management, String prefix) {
        Questions all = new Questions(management);
        List<InstanceSummary> newest =
                management.instances(InstanceQuery.ALL, PAGE).items();
        if (newest.isEmpty()) {
            return Map.of();
        }
        all.lists(newest.getLast());
        all.closer(newest.getFirst(), prefix);
        return all.questions;
    }

    private void lists(InstanceSummary sample) {
        InstanceQuery query = InstanceQuery.ALL;
        String orchestration = sample.orchestration();
        Instant middle = sample.createdAt().minus(Duration.ofDays(3));
        list("all instances", query);
        list("status Completed", query.withStatus(Status.COMPLETED));
        list("status Failed", query.withStatus(Status.FAILED));
        list("status Running (there is none)", query.withStatus(Status.RUNNING));
        list("three statuses", query.withStatuses(Set.of(Status.FAILED, Status.CANCELLED, Status.TERMINATED)));
        list("orchestration", query.withOrchestration(orchestration));
        list("orchestration and status", query.withOrchestration(orchestration).withStatus(Status.FAILED));
        list("orchestration and version", query.withOrchestration(orchestration).withVersion(sample.version()));
        list("version alone", query.withVersion(sample.version()));
        list("orchestration that nobody has", query.withOrchestration("Nobody"));
        list("id in full", query.withIdPrefix(sample.instance()));
        list(
                "id prefix of some",
                query.withIdPrefix(
                        sample.instance().substring(0, sample.instance().length() - 2)));
        list("attribute", query.withAttribute("tenant", "tenant-7"));
        list("attribute that nobody has", query.withAttribute("tenant", "nobody"));
        list("children of an instance", query.withParent(sample.instance()));
        list("roots only", query.withRootsOnly(true));
        list("with a problem (there is none)", query.withTroubledOnly(true));
        list("started before a time", query.withCreated(null, middle));
        list("started in an hour", query.withCreated(middle.minus(Duration.ofHours(1)), middle));
        list("ended before a time", query.withFinishedBefore(middle));
        list(
                "failed in an hour",
                query.withStatus(Status.FAILED).withCreated(middle.minus(Duration.ofHours(1)), middle));
        questions.put("the second page", () -> {
            Page<InstanceSummary> first = management.instances(query, PAGE);
            String next = first.next();
            if (next != null) {
                management.instances(query, PAGE.after(next));
            }
        });
    }

    private void list(String name, InstanceQuery query) {
        questions.put("list: " + name, () -> management.instances(query, PAGE));
    }

    private void closer(InstanceSummary sample, String prefix) {
        String id = sample.instance();
        list("id prefix of all", InstanceQuery.ALL.withIdPrefix(prefix));
        questions.put("metrics", management::metrics);
        questions.put("queue depths", management::queueDepths);
        questions.put("overdue", () -> management.overdue(PAGE.limit()));
        questions.put("checkup", () -> management.checkup(PAGE.limit()));
        questions.put("activity queues", management::activityQueues);
        questions.put("definitions", management::definitions);
        questions.put("nodes", management::nodes);
        questions.put("dead letters", () -> management.deadLetters(PAGE));
        questions.put("one instance", () -> management.instance(id));
        questions.put("why", () -> management.why(id));
        questions.put("history", () -> management.history(id, 0, PAGE));
        questions.put("tree", () -> management.tree(id));
    }
}
