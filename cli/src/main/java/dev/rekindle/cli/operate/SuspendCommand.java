package dev.rekindle.cli.operate;

import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle suspend}. */
@Command(
        name = "suspend",
        description = {
            "Holds instances until they are resumed.",
            "They take no turns meanwhile.",
            "Activities under way go on, and whatever arrives waits."
        },
        footer = {"", "Example:", "  rekindle suspend --orchestration ProcessOrder --db sqlite:orders.db --reason audit"
        })
public final class SuspendCommand extends BulkCommand {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "by an operator", description = "Why, for people.")
    private String reason = "by an operator";

    /** Called by picocli. */
    public SuspendCommand() {
        super(new Deed("suspend", "suspended", ACTIVE, Asking.FOR_MANY));
    }

    @Override
    void prepare(OpenStore store) {
        store.management();
    }

    @Override
    void act(OpenStore store, String id) {
        store.management().suspend(id, reason);
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.onActive(its);
    }
}
