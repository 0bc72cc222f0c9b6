package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.postgres.FleetRun.Fault;
import dev.rekindle.postgres.FleetRun.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes as real processes, with every kind of trouble once. */
@Timeout(300)
class FleetTest {
    private static final Form SHORT = new Form(
            210,
            Duration.ofSeconds(3),
            0.25,
            List.of(Fault.KILL, Fault.FREEZE, Fault.SERVER_CRASH, Fault.CUTS, Fault.LEAVE));

    @Test
    void fleet_throughKillsFreezesCrashesAndCuts_doesAllOnce(@TempDir Path folder) throws Exception {
        try (FleetRun run = new FleetRun(folder, SHORT)) {
            assertThat(run.run()).as("takeovers").hasSize(2);
        }
    }
}
