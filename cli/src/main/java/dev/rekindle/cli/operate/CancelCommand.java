package dev.rekindle.cli.operate;

import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle cancel}. */
@Command(
        name = "cancel",
        description = {"Asks instances to cancel.", "Their code is told at its next wait, and may compensate."},
        footer = {
            "",
            "Example:",
            "  rekindle cancel order-1 --db sqlite:orders.db --reason 'out of stock'",
            "  rekindle cancel --orchestration ProcessOrder --since 1h --db sqlite:orders.db --dry-run"
        })
public final class CancelCommand extends BulkCommand {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "by an operator", description = "Why, for people.")
    private String reason = "by an operator";

    /** Called by picocli. */
    public CancelCommand() {
        super(new Deed("cancel", "asked to cancel", ACTIVE, Asking.FOR_MANY));
    }

    @Override
    void act(OpenStore store, String id) {
        store.client().cancel(id, reason);
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.onActive(its);
    }
}
