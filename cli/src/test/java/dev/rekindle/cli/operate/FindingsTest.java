package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.OverdueInstance;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final Checkup.Group NONE = new Checkup.Group(0, false, List.of());

    private static InstanceSummary instance(@Nullable String problem) {
        return new InstanceSummary(
                "order-1",
                "run",
                "ProcessOrder",
                "",
                Status.PENDING,
                1,
                null,
                null,
                problem,
                Map.of(),
                NOW.minusSeconds(9_000),
                null,
                null);
    }

    private static List<String> problems(Checkup.Group held, List<OverdueInstance> late) {
        Checkup seen = new Checkup(NOW, List.of(), 7, NONE, NONE, held, late, List.of(), List.of(), 0);
        return Findings.of(seen, new Times(NOW, ZoneOffset.UTC)).stream()
                .filter(finding -> finding.level() == Finding.Level.PROBLEM)
                .map(finding -> finding.check() + ": " + finding.text())
                .toList();
    }

    @Test
    void late_isCountedAndTheFirstIsNamed() {
        OverdueInstance late = new OverdueInstance(instance(null), NOW.minusSeconds(7_200));
        assertThat(problems(NONE, List.of(late)))
                .containsExactly(
                        "nodes: no node is alive, and 7 instances have not ended",
                        "late: 1 instance should have gone on; 'order-1' has been due for 2 h");
        assertThat(problems(NONE, Collections.nCopies(Checkup.LATE_LISTED, late)))
                .contains("late: at least 100 instances should have gone on; 'order-1' has been due for 2 h");
    }

    @Test
    void held_isCountedWithAnExample() {
        Checkup.Group held = new Checkup.Group(1_000, true, List.of(instance("no node has it")));
        assertThat(problems(held, List.of()))
                .contains("trouble: at least 1,000 instances can't go on; for example 'order-1': no node has it");
    }
}
