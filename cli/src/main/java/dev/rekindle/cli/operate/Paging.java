package dev.rekindle.cli.operate;

import dev.rekindle.cli.OptionRange;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.ProviderErrors;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How much of a list is wanted, and from where on. */
final class Paging {
    private static final OptionRange LIMIT = new OptionRange("--limit", 1, 1_000_000);

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most; ${DEFAULT-VALUE} unless it is given.")
    private int limit;

    @Option(
            names = "--cursor",
            paramLabel = "CURSOR",
            description = "Go on from where the list before ended: what it said on the error stream.")
    private @Nullable String cursor;

    @Option(names = "--all", description = "All there are, however many.")
    private boolean all;

    void check(CommandSpec command) {
        LIMIT.check(command, limit);
    }

    long limit() {
        return all ? Long.MAX_VALUE : limit;
    }

    /**
     * The cursor where it is a number; 0 when none was given.
     *
     * @throws dev.rekindle.RekindleException {@code INVALID_ARGUMENT} when it is another text
     */
    long numberedCursor() {
        if (cursor == null) {
            return 0;
        }
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw ProviderErrors.badCursor(cursor);
        }
    }

    /** Refuses these options beside another one. */
    void checkNotGiven(CommandSpec command, String other) {
        ParseResult given = command.commandLine().getParseResult();
        for (String option : List.of("--limit", "--cursor", "--all")) {
            if (given.hasMatchedOption(option)) {
                throw new ParameterException(
                        command.commandLine(),
                        "%s and %s: expected one of them, found both. Leave one out".formatted(other, option));
            }
        }
    }

    /**
     * Goes through what is wanted, in parts.
     *
     * @param read asks the store for a page
     * @param take is given what is on it
     * @return the cursor to go on with; empty when that was all
     */
    <T> Optional<String> forEachPage(Function<PageRequest, Page<T>> read, Consumer<List<T>> take)
            throws InterruptedException {
        long left = limit();
        String next = cursor;
        do {
            Interrupted.check();
            Page<T> page = read.apply(new PageRequest((int) Math.min(left, PageRequest.MAX_LIMIT), next));
            if (!page.items().isEmpty()) {
                take.accept(page.items());
            }
            left -= page.items().size();
            next = page.next();
        } while (next != null && left > 0);
        return Optional.ofNullable(next);
    }

    /** Says how to see the rest. */
    static void noteMore(Report report, Optional<String> next) {
        next.ifPresent(cursor -> report.note("more: --cursor '%s', or --all".formatted(cursor)));
    }
}
