package dev.rekindle.cli.operate;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Json;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells how an instance ended. */
final class Ending {
    private Ending() {}

    /**
     * Says it.
     *
     * @param patience how long it was waited for
     * @return whether it completed
     */
    static ExitCode say(Report report, InstanceSnapshot its, Duration patience) {
        Failure failure = its.failure();
        if (report.isJson()) {
            ObjectNode form = Json.tree(InstanceForm.of(its));
            form.set("output", Json.payload(its.output()));
            JsonNode why = failure == null ? Json.payload(null) : Json.tree(failure);
            form.set("failure", why);
            report.json(form);
        } else if (report.isIds()) {
            report.id(its.instance());
        } else {
            report.line(Words.bold(its.instance()), Words.of("  "), Words.of(its.status()));
            if (its.output() != null) {
                Json.pretty(Json.payload(its.output())).forEach(report::line);
            }
            if (failure != null) {
                report.line(new Words(failure.toString(), Style.RED));
            }
        }
        if (!its.status().isTerminal()) {
            report.note("TIMED_OUT '%s' has not ended within %s; it goes on, 'rekindle why' tells what it waits for."
                    .formatted(its.instance(), Times.span(patience)));
            return ExitCode.TIMED_OUT;
        }
        return its.status() == Status.COMPLETED ? ExitCode.OK : ExitCode.FAILED;
    }
}
