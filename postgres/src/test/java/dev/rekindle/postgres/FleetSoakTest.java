package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.postgres.FleetRun.Fault;
import dev.rekindle.postgres.FleetRun.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes as real processes with the defaults, much to do, and every kind of trouble several times. */
@Tag("soak")
@Timeout(1_800)
class FleetSoakTest {
    private static final Form LONG = new Form(
            2_000,
            PostgresOptions.DEFAULTS.takeover(),
            0.3,
            List.of(
                    Fault.KILL,
                    Fault.FREEZE,
                    Fault.SERVER_CRASH,
                    Fault.CUTS,
                    Fault.KILL,
                    Fault.SERVER_AWAY,
                    Fault.FREEZE,
                    Fault.CUTS,
                    Fault.SERVER_CRASH,
                    Fault.KILL,
                    Fault.CUTS,
                    Fault.SERVER_AWAY,
                    Fault.FREEZE,
                    Fault.LEAVE));

    /** Twice of what is promised: the machine may be busy. */
    private static final Duration LONGEST_TAKEOVER = LONG.takeover().multipliedBy(2);

    @Test
    void fleet_throughManyKillsFreezesCrashesAndCuts_doesAllOnce(@TempDir Path folder) throws Exception {
        try (FleetRun run = new FleetRun(folder, LONG)) {
            assertThat(run.run()).as("takeovers").hasSize(6).allMatch(time -> time.compareTo(LONGEST_TAKEOVER) < 0);
        }
    }
}
