package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle retry}. */
@Command(
        name = "retry",
        description = {
            "Tries instances again.",
            "Stuck ones at once, failed and terminated ones from in front of what ended them.",
            "Steps that completed are not repeated. With filters that name no status: Stuck and Failed."
        },
        footer = {
            "",
            "Example:",
            "  rekindle retry order-1 --db sqlite:orders.db",
            "  rekindle retry --status Failed --orchestration ProcessOrder --since 2h --db sqlite:orders.db"
        })
public final class RetryCommand extends BulkCommand {
    @Option(
            names = "--from-event",
            paramLabel = "N",
            description = "From in front of this event of the history; what happened from there on counts for nothing.")
    private @Nullable Long fromEvent;

    /** Called by picocli. */
    public RetryCommand() {
        super(new Deed("retry", "tried again", EnumSet.of(Status.STUCK, Status.FAILED), Asking.FOR_MANY));
    }

    @Override
    void prepare(OpenStore store) {
        store.management();
    }

    @Override
    Asking asking() {
        return fromEvent == null ? super.asking() : Asking.ALWAYS;
    }

    @Override
    String todo() {
        return fromEvent == null ? super.todo() : "void what happened from #%d on and retry".formatted(fromEvent);
    }

    @Override
    void act(OpenStore store, String id) {
        if (fromEvent == null) {
            store.management().retry(id);
        } else {
            store.management().retry(id, fromEvent);
        }
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return fromEvent == null ? rehearsal.retry(its) : rehearsal.retry(its, fromEvent);
    }
}
