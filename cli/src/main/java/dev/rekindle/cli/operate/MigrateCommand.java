package dev.rekindle.cli.operate;

import dev.rekindle.Stores;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.ShownUrl;
import dev.rekindle.provider.StoreFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code rekindle migrate}. */
@Command(
        name = "migrate",
        description = {
            "Brings a store to what this version expects.",
            "Makes a new one where none is.",
            "Older versions of Rekindle refuse a store that a newer one has migrated."
        },
        footer = {"", "Example:", "  rekindle migrate --db sqlite:orders.db"})
public final class MigrateCommand extends StoreCommand {

    /** What it did as programs read it; without schemas where the store doesn't say. */
    private record Form(
            String store, @Nullable Integer from, @Nullable Integer to) {}

    @Override
    ExitCode run(String url, Report report) {
        Optional<StoreFacts> before = Stores.look(url);
        try (OpenStore store = OpenStore.open(url, surroundings().clock())) {
            return say(report, store, before, Stores.look(url));
        }
    }

    private static ExitCode say(
            Report report, OpenStore store, Optional<StoreFacts> before, Optional<StoreFacts> after) {
        int from = before.map(StoreFacts::schema).orElse(0);
        int to = after.map(StoreFacts::schema).orElse(0);
        if (report.isJson()) {
            report.json(
                    after.isEmpty()
                            ? new Form(ShownUrl.of(store.url()), null, null)
                            : new Form(ShownUrl.of(store.url()), from, to));
        } else if (report.isForPeople()) {
            String what;
            if (after.isEmpty()) {
                what = "opened; this kind of store doesn't say which schema it has";
            } else if (from == to) {
                what = "has schema %d already; nothing to do".formatted(to);
            } else if (from == 0) {
                what = "made, with schema %d".formatted(to);
            } else {
                what = "migrated from schema %d to %d".formatted(from, to);
            }
            report.line(store.provider().name() + ": " + what);
        }
        return ExitCode.OK;
    }
}
