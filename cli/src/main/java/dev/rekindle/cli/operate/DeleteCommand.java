package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle delete}. */
@Command(
        name = "delete",
        description = {
            "Deletes instances that have ended.",
            "All that belongs to them goes too, and their ids are free again.",
            "With filters that name no status: those that have ended."
        },
        footer = {
            "",
            "Example:",
            "  rekindle delete order-1 --db sqlite:orders.db",
            "  rekindle delete --status Completed --finished-before 30d --db sqlite:orders.db --dry-run"
        })
public final class DeleteCommand extends BulkCommand {
    private static final Set<Status> ENDED =
            EnumSet.of(Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.TERMINATED);

    @Option(names = "--force", description = "Also delete instances that have not ended.")
    private boolean force;

    @Option(names = "--cascade", description = "Delete their children too, and the children of these.")
    private boolean cascade;

    private Deletion deleted = Deletion.NONE;

    /** Called by picocli. */
    public DeleteCommand() {
        super(new Deed("delete", "deleted", ENDED, Asking.ALWAYS));
    }

    @Override
    void prepare(OpenStore store) {
        store.management();
    }

    @Override
    void act(OpenStore store, String id) {
        deleted = deleted.plus(store.management().delete(List.of(id), options()));
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.delete(its, options());
    }

    @Override
    BulkResult actOnAll(OpenStore store, InstanceQuery query, long limit) {
        return store.management().deleteAll(query, options(), limit);
    }

    @Override
    String sum() {
        return deleted.equals(Deletion.NONE)
                ? ""
                : "%s, %s, %s"
                        .formatted(
                                Words.count(deleted.instances(), "instance"),
                                Words.count(deleted.executions(), "execution"),
                                Words.count(deleted.events(), "event"));
    }

    private DeleteOptions options() {
        return new DeleteOptions(force, cascade);
    }
}
