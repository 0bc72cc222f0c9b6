package dev.rekindle.cli.operate;

import dev.rekindle.cli.OptionRange;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Rehearsal;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle prune}. */
@Command(
        name = "prune",
        description = "Removes the histories of old executions.",
        footer = {"", "Example:", "  rekindle prune --orchestration Billing --keep 10 --db sqlite:orders.db --dry-run"})
public final class PruneCommand extends BulkCommand {
    private static final OptionRange KEEP = new OptionRange("--keep", 1, 1_000_000);

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many executions stay, the current one included; ${DEFAULT-VALUE} unless it is given.")
    private int keep = 1;

    private Deletion removed = Deletion.NONE;

    /** Called by picocli. */
    public PruneCommand() {
        super(new Deed("prune", "pruned", Set.of(), Asking.ALWAYS));
    }

    @Override
    void prepare(OpenStore store) {
        KEEP.check(spec(), keep);
        store.management();
    }

    @Override
    void act(OpenStore store, String id) {
        removed = removed.plus(store.management().prune(id, keep));
    }

    @Override
    long rehearse(Rehearsal rehearsal, InstanceSummary its) {
        return rehearsal.prune(its, keep);
    }

    @Override
    String sum() {
        return "removed: %s, %s"
                .formatted(Words.count(removed.executions(), "execution"), Words.count(removed.events(), "event"));
    }

    @Override
    String expectedSum(Deletion expected) {
        return "would remove: " + Words.count(expected.executions(), "execution");
    }
}
