package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Json;
import dev.rekindle.management.DeadLetterInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rekindle dead-letters}. */
@Command(
        name = "dead-letters",
        description = {"Lists messages that nobody could take, or deletes them.", "Newest first."},
        footer = {
            "",
            "Example:",
            "  rekindle dead-letters --db sqlite:orders.db",
            "  rekindle dead-letters --delete 17,18 --db sqlite:orders.db --yes"
        })
public final class DeadLettersCommand extends StoreCommand {
    @Option(names = "--delete", split = ",", paramLabel = "KEY", description = "Delete those with these keys.")
    private List<Long> delete = List.of();

    @Mixin
    private Paging paging = new Paging();

    @Mixin
    private Consent consent = new Consent();

    /** One as programs read it. */
    private record Form(
            long key, String instance, @Nullable String runId, String reason, Instant at, JsonNode message) {}

    @Override
    ExitCode run(OpenStore store, Report report) throws IOException, InterruptedException {
        paging.check(spec());
        return delete.isEmpty() ? list(store, report) : delete(store, report);
    }

    private ExitCode list(OpenStore store, Report report) throws InterruptedException {
        List<DeadLetterInfo> shown = new ArrayList<>();
        Optional<String> next = paging.<DeadLetterInfo>forEachPage(store.management()::deadLetters, items -> {
            if (report.isForPeople()) {
                shown.addAll(items);
            } else {
                items.forEach(item -> say(report, item));
            }
        });
        if (report.isForPeople()) {
            if (shown.isEmpty()) {
                report.note("no dead letters");
            } else {
                report.table(table(shown, report.times()));
            }
        }
        Paging.noteMore(report, next);
        return ExitCode.OK;
    }

    private static void say(Report report, DeadLetterInfo letter) {
        if (report.isIds()) {
            report.line(Long.toString(letter.key()));
        } else {
            report.json(new Form(
                    letter.key(), letter.instance(), letter.runId(), letter.reason(), letter.at(), message(letter)));
        }
    }

    private static Table table(List<DeadLetterInfo> letters, Times times) {
        Table table = Table.of("KEY>", "INSTANCE~", "AT>", "REASON~", "MESSAGE~");
        letters.forEach(letter -> table.row(
                Words.of(Long.toString(letter.key())),
                Words.of(letter.instance()),
                Words.of(times.distance(letter.at())),
                Words.of(letter.reason()),
                Words.dim(text(message(letter)))));
        return table;
    }

    private static JsonNode message(DeadLetterInfo letter) {
        JsonNode message = Json.payload(letter.message());
        return message instanceof ObjectNode object ? Json.withPayloads(object) : message;
    }

    /** Of what somebody sent only the channel and the payload, otherwise all of it. */
    private static String text(JsonNode message) {
        JsonNode channel = message.path("channel");
        return channel.isString()
                ? "'%s' %s".formatted(channel.asString(), Json.line(message.path("payload")))
                : Json.line(message);
    }

    private ExitCode delete(OpenStore store, Report report) throws IOException {
        store.management();
        String what = "delete " + Words.count(delete.size(), "dead letter");
        if (!consent.given(spec(), surroundings(), report, what)) {
            return ExitCode.FAILED;
        }
        long deleted = store.management().deleteDeadLetters(delete);
        if (report.isJson()) {
            report.json(Map.of("deleted", deleted));
        } else if (report.isForPeople()) {
            report.line("deleted: " + Words.count(deleted, "dead letter"));
        }
        return ExitCode.OK;
    }
}
