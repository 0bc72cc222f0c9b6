package dev.rekindle.cli.operate;

import dev.rekindle.Failure;
import dev.rekindle.cli.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints events: their payloads on the same line where they fit, otherwise below, over several lines. */
final class EventPrinter {
    private static final int LONGEST_KIND = 28;
    private static final int SHOWN_LINES = 12;
    private static final String MARGIN = " ".repeat(8);

    private final Report report;
    private final boolean full;

    EventPrinter(Report report, boolean full) {
        this.report = report;
        this.full = full;
    }

    void print(Story.Chapter chapter, long executionId) {
        if (report.isJson()) {
            report.json(form(chapter, executionId));
            return;
        }
        if (report.isIds()) {
            report.line(Long.toString(chapter.event().id()));
            return;
        }
        report.line(
                Words.dim("%5s  %s  "
                        .formatted(
                                "#" + chapter.event().id(),
                                report.times().exact(chapter.event().at()))),
                new Words(chapter.kind(), chapter.style()),
                Words.of(chapter.text().isEmpty() ? "" : pad(chapter.kind()) + chapter.text()));
        chapter.payloads().forEach(this::payload);
        failure(chapter.failure());
    }

    private static String pad(String kind) {
        return " ".repeat(Math.max(1, LONGEST_KIND - kind.length()));
    }

    private void payload(String name, String text) {
        JsonNode payload = Json.payload(text);
        String label = MARGIN + name + " ";
        String line = Json.line(payload);
        if (Columns.width(label) + Columns.width(line) <= Math.min(report.width(), 120)) {
            report.line(Words.dim(label), Words.of(line));
            return;
        }
        report.line(Words.dim(MARGIN + name));
        lines(Json.pretty(payload));
    }

    private void failure(@Nullable Failure failure) {
        if (failure == null) {
            return;
        }
        report.line(new Words(MARGIN + failure, Style.RED));
        String trace = failure.stackTrace();
        if (trace != null && full) {
            lines(trace.lines().toList());
        }
    }

    private void lines(List<String> lines) {
        int shown = full || lines.size() <= SHOWN_LINES + 1 ? lines.size() : SHOWN_LINES;
        lines.subList(0, shown).forEach(line -> report.line(MARGIN + "  " + line.replace("\t", "  ")));
        if (shown < lines.size()) {
            report.line(Words.dim(MARGIN + "  … %d more lines: --full".formatted(lines.size() - shown)));
        }
    }

    /** An event as programs read it: its payloads are part of the JSON. */
    private static ObjectNode form(Story.Chapter chapter, long executionId) {
        ObjectNode form = Json.tree(chapter.event());
        form.put("execution_id", executionId);
        return Json.withPayloads(form);
    }
}
