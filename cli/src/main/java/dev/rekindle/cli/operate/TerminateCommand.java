package dev.rekindle.cli.operate;

import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle terminate}. */
@Command(
        name = "terminate",
        description = {"Ends instances at once, without asking their code.", "Nothing is compensated. See also: cancel."
        },
        footer = {"", "Example:", "  rekindle terminate order-1 --db sqlite:orders.db --reason 'runs wild' --yes"})
public final class TerminateCommand extends BulkCommand {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "by an operator", description = "Why, for people.")
    private String reason = "by an operator";

    /** Called by picocli. */
    public TerminateCommand() {
        super(new Deed("terminate", "ordered to end", ACTIVE, Asking.ALWAYS));
    }

    @Override
    void act(OpenStore store, String id) {
        store.client().terminate(id, reason);
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.onActive(its);
    }
}
