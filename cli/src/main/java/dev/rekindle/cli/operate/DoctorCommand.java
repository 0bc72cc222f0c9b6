package dev.rekindle.cli.operate;

import dev.rekindle.CapabilityNotAvailableException;
import dev.rekindle.RekindleException;
import dev.rekindle.Stores;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.ShownUrl;
import dev.rekindle.provider.StoreFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code rekindle doctor}. */
@Command(
        name = "doctor",
        description = {
            "Looks a store over and says what to do.",
            "Can it be opened, who runs it, what is stuck, late or dead, how much room is there?",
            "Ends with 0 when there is no problem, with 1 when there is one. Changes nothing."
        },
        footer = {"", "Example:", "  rekindle doctor --db sqlite:orders.db"})
public final class DoctorCommand extends StoreCommand {

    /** A finding as programs read it. */
    private record Form(
            String level,
            String check,
            String text,
            @Nullable String advice) {}

    @Override
    ExitCode run(String url, Report report) {
        List<Finding> findings = new ArrayList<>();
        Optional<StoreFacts> facts = Optional.empty();
        try {
            facts = Stores.look(url);
            Existence.check(url, false);
            try (OpenStore store = OpenStore.open(url, surroundings().clock())) {
                findings.add(opened(store, facts));
                findings.addAll(managed(store, report.times()));
            }
        } catch (RekindleException e) {
            findings.add(Finding.problem("store", ShownUrl.of(url), String.valueOf(e.getMessage())));
        }
        facts.filter(StoreFacts::exists).ifPresent(known -> findings.add(Findings.space(known)));
        findings.forEach(finding -> say(report, finding));
        boolean problem = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.PROBLEM);
        return problem ? ExitCode.FAILED : ExitCode.OK;
    }

    private static Finding opened(OpenStore store, Optional<StoreFacts> facts) {
        String schema = facts.map(known -> ", schema " + known.schema()).orElse("");
        return Finding.ok(
                "store", "%s can be opened%s".formatted(store.provider().name(), schema));
    }

    private static List<Finding> managed(OpenStore store, Times times) {
        try {
            return Findings.of(store.management().checkup(Findings.EXAMPLES), times);
        } catch (CapabilityNotAvailableException e) {
            return List.of(Finding.note(
                    "management",
                    "Management features not available: nothing more can be said of it",
                    "start, send, cancel, terminate, show, watch and doctor work"));
        }
    }

    private static void say(Report report, Finding finding) {
        String advice = finding.advice();
        if (report.isJson()) {
            report.json(
                    new Form(finding.level().name().toLowerCase(Locale.ROOT), finding.check(), finding.text(), advice));
            return;
        }
        if (report.isIds() && finding.level() != Finding.Level.PROBLEM) {
            return;
        }
        report.line(finding.level().words(), Words.bold("%-13s".formatted(finding.check())), Words.of(finding.text()));
        if (advice != null) {
            report.line(Words.dim(" ".repeat(21) + advice));
        }
    }
}
