package dev.rekindle.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands as the help of {@code rekindle} lists them: by what somebody wants to do. */
final class CommandGroups {
    private static final Map<String, List<String>> GROUPS = groups();

    private CommandGroups() {}

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put(
                "See what goes on", List.of("instances", "show", "why", "history", "tree", "watch", "top", "console"));
        groups.put("Make it go on", List.of("start", "send", "resume", "retry", "fork"));
        groups.put("Stop it", List.of("suspend", "cancel", "terminate"));
        groups.put("Clean up, carry over", List.of("delete", "prune", "export", "import"));
        groups.put(
                "Look after the store",
                List.of("doctor", "metrics", "queues", "nodes", "definitions", "dead-letters", "migrate"));
        groups.put("Try it", List.of("demo", "bench", "bench-reads"));
        return groups;
    }

    /** Shows the commands of each group, and those of none last. */
    static void on(CommandLine root) {
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::text);
    }

    private static String text(Help help) {
        Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
        StringBuilder text = new StringBuilder();
        GROUPS.forEach((title, names) -> {
            Map<String, Help> here = new LinkedHashMap<>();
            names.forEach(name -> {
                Help command = left.remove(name);
                if (command != null) {
                    here.put(name, command);
                }
            });
            section(text, title, here);
        });
        section(text, "More", left);
        return text.toString();
    }

    private static void section(StringBuilder text, String title, Map<String, Help> commands) {
        if (!commands.isEmpty()) {
            text.append("%n%s:%n".formatted(title));
            commands.forEach((name, help) -> text.append("  %-20s %s%n".formatted(name, firstLine(help))));
        }
    }

    private static String firstLine(Help help) {
        String[] description = help.commandSpec().usageMessage().description();
        return List.of(description).stream().limit(1).collect(Collectors.joining());
    }
}
