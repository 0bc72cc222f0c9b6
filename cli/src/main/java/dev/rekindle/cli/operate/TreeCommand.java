package dev.rekindle.cli.operate;

import dev.rekindle.cli.Json;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rekindle tree}. */
@Command(
        name = "tree",
        description = "Shows instances with their children, and theirs.",
        footer = {"", "Example:", "  rekindle tree order-1 --db sqlite:orders.db"})
public final class TreeCommand extends IdsCommand {

    @Override
    Runnable look(OpenStore store, Report report, String id) {
        InstanceTree tree = store.management().tree(id);
        return () -> show(report, tree);
    }

    private static void show(Report report, InstanceTree tree) {
        if (report.isJson()) {
            report.json(form(tree));
        } else if (report.isIds()) {
            ids(report, tree);
        } else {
            line(report, "", tree.instance());
            below(report, "", tree);
        }
    }

    private static ObjectNode form(InstanceTree tree) {
        ObjectNode form = Json.tree(InstanceForm.of(tree.instance()));
        ArrayNode children = form.putArray("children");
        tree.children().forEach(child -> children.add(form(child)));
        form.put("more_children", tree.more());
        return form;
    }

    private static void ids(Report report, InstanceTree tree) {
        report.id(tree.instance().instance());
        tree.children().forEach(child -> ids(report, child));
    }

    private static void below(Report report, String indent, InstanceTree tree) {
        List<InstanceTree> children = tree.children();
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1 && !tree.more();
            line(report, indent + (last ? "└─ " : "├─ "), children.get(i).instance());
            below(report, indent + (last ? "   " : "│  "), children.get(i));
        }
        if (tree.more()) {
            report.line(
                    Words.dim(indent + "└─ … more: rekindle instances --parent "),
                    Words.dim(tree.instance().instance()));
        }
    }

    private static void line(Report report, String indent, InstanceSummary its) {
        String problem = its.problem();
        report.line(
                Words.dim(indent),
                Words.bold(its.instance()),
                Words.of("  " + Story.name(its.orchestration(), its.version()) + "  "),
                Words.of(its.status()),
                problem == null ? Words.NONE : new Words("  " + problem, Style.YELLOW));
    }
}
