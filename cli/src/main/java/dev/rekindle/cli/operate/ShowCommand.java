package dev.rekindle.cli.operate;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.cli.Json;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rekindle show}. */
@Command(
        name = "show",
        description = {"Shows instances in full.", "Where they stand, what went in and came out, what they wait for."},
        footer = {"", "Example:", "  rekindle show order-1 --db sqlite:orders.db"})
public final class ShowCommand extends IdsCommand {
    private static final int SHORT = 100;

    @Override
    Runnable look(OpenStore store, Report report, String id) {
        InstanceSnapshot snapshot = store.client().getStatus(id).orElseThrow(() -> ProviderErrors.notFound(id));
        if (report.isIds()) {
            return () -> report.id(id);
        }
        if (!store.client().hasManagementCapability()) {
            return () -> showKnown(report, snapshot);
        }
        Management management = store.management();
        InstanceSummary its = management.instance(id);
        String input = input(management, its);
        Diagnosis diagnosis = management.why(id);
        return () -> showAll(report, snapshot, its, input, diagnosis);
    }

    private static void showKnown(Report report, InstanceSnapshot its) {
        if (report.isJson()) {
            ObjectNode form = Json.tree(InstanceForm.of(its));
            form.set("output", Json.payload(its.output()));
            form.set("failure", failure(its));
            report.json(form);
            return;
        }
        head(report, its);
        end(report, its);
        report.note("Management features not available: this store can't show more of it.");
    }

    private static void showAll(
            Report report,
            InstanceSnapshot snapshot,
            InstanceSummary its,
            @Nullable String input,
            Diagnosis diagnosis) {
        if (report.isJson()) {
            ObjectNode form = Json.tree(InstanceForm.of(its));
            form.set("input", Json.payload(input));
            form.set("output", Json.payload(snapshot.output()));
            form.set("failure", failure(snapshot));
            form.put("headline", diagnosis.headline());
            form.set("waits", Json.tree(WhyForm.of(diagnosis)).get("waits"));
            report.json(form);
            return;
        }
        head(report, snapshot);
        if (its.parent() != null) {
            field(report, "child of", its.parent().instance());
        }
        its.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(attribute -> field(report, "attribute", attribute.getKey() + "=" + attribute.getValue()));
        time(report, "began", its.startedAt());
        payload(report, "input", input);
        end(report, snapshot);
        if (!its.status().isTerminal()) {
            WhyCommand.sentences(diagnosis, report.times()).forEach(sentence -> field(report, "why", sentence));
        }
    }

    private static void head(Report report, InstanceSnapshot its) {
        report.line(
                Words.bold(its.instance()),
                Words.of("  " + Story.name(its.orchestration(), its.version()) + "  "),
                Words.of(its.status()));
        if (its.problem() != null) {
            report.line(label("problem"), new Words(its.problem(), Style.YELLOW));
        }
        if (its.executionId() > 1) {
            field(report, "execution", Long.toString(its.executionId()));
        }
        field(report, "run", its.runId());
        time(report, "started", its.createdAt());
    }

    private static void end(Report report, InstanceSnapshot its) {
        payload(report, "status", its.customStatus());
        payload(report, "output", its.output());
        if (its.failure() != null) {
            report.line(label("failure"), new Words(its.failure().toString(), Style.RED));
        }
        Instant finished = its.finishedAt();
        if (finished != null) {
            field(
                    report,
                    "ended",
                    "%s, after %s"
                            .formatted(
                                    report.times().full(finished),
                                    Times.span(Duration.between(its.createdAt(), finished))));
        }
    }

    private static JsonNode failure(InstanceSnapshot its) {
        Failure failure = its.failure();
        return failure == null ? Json.payload(null) : Json.tree(failure);
    }

    /** What it was started with: the history says, or the message that begins it. */
    private static @Nullable String input(Management management, InstanceSummary its) {
        List<Event> first = its.startedAt() == null
                ? List.of()
                : management
                        .history(its.instance(), its.executionId(), PageRequest.first(PageRequest.MAX_LIMIT))
                        .items();
        for (Event event : first) {
            if (event instanceof Event.OrchestrationStarted started) {
                return started.input();
            }
        }
        return management.queues(its.instance()).messages().stream()
                .map(message -> message.work() instanceof WorkItem.StartOrchestration start ? start.input() : null)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Words label(String name) {
        return Words.dim("  %-10s ".formatted(name));
    }

    private static void field(Report report, String name, String text) {
        report.line(label(name), Words.of(text));
    }

    private static void time(Report report, String name, @Nullable Instant time) {
        if (time != null) {
            field(report, name, report.times().full(time));
        }
    }

    private static void payload(Report report, String name, @Nullable String text) {
        if (text == null) {
            return;
        }
        JsonNode payload = Json.payload(text);
        String line = Json.line(payload);
        if (line.length() <= SHORT) {
            field(report, name, line);
        } else {
            report.line(Words.dim("  " + name));
            Json.pretty(payload).forEach(part -> report.line("    " + part));
        }
    }
}
