package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.NodeInfo;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code rekindle nodes}. */
@Command(
        name = "nodes",
        description = "Shows who runs the instances.",
        footer = {"", "Example:", "  rekindle nodes --db postgresql://db.example/shop"})
public final class NodesCommand extends StoreCommand {

    @Override
    ExitCode run(OpenStore store, Report report) {
        List<NodeInfo> nodes = store.management().nodes();
        if (report.isJson()) {
            nodes.forEach(report::json);
        } else if (report.isIds()) {
            nodes.forEach(node -> report.id(node.name()));
        } else if (nodes.isEmpty()) {
            report.note("no nodes");
        } else {
            report.table(table(nodes, report.times()));
        }
        return ExitCode.OK;
    }

    static Table table(List<NodeInfo> nodes, Times times) {
        Table table = Table.of("NODE~", "STATE", "SINCE>", "SEEN>", "INSTANCES>", "ACTIVITIES>");
        for (NodeInfo node : nodes) {
            table.row(
                    Words.of(node.name()),
                    node.alive() ? new Words("alive", Style.GREEN) : new Words("gone", Style.DIM),
                    Words.of(times.distance(node.since())),
                    Words.of(times.distance(node.seenAt())),
                    held(node, node.instances()),
                    held(node, node.activities()));
        }
        return table;
    }

    private static Words held(NodeInfo node, long number) {
        return node.holdingsKnown() ? Words.number(number) : Words.dim("?");
    }
}
