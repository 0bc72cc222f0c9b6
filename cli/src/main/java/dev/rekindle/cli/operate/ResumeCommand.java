package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import java.util.EnumSet;
import picocli.CommandLine.Command;

/** {@code rekindle resume}. */
@Command(
        name = "resume",
        description = {
            "Lets instances go on that were suspended.",
            "Those that wait to be tried again go on at once, too.",
            "With filters that name no status: the suspended ones."
        },
        footer = {"", "Example:", "  rekindle resume order-1 order-2 --db sqlite:orders.db"})
public final class ResumeCommand extends BulkCommand {
    /** Called by picocli. */
    public ResumeCommand() {
        super(new Deed("resume", "resumed", EnumSet.of(Status.SUSPENDED), Asking.NEVER));
    }

    @Override
    void prepare(OpenStore store) {
        store.management();
    }

    @Override
    void act(OpenStore store, String id) {
        store.management().resume(id);
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.onActive(its);
    }
}
