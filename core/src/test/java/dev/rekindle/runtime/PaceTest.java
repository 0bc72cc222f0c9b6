package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace(Duration.ofMillis(30));

    @Test
    void quietNanos_fastCommits_isWhatWasAskedFor() {
        commits(1);
        assertThat(pace.quietNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @Test
    void quietNanos_slowCommits_isSomeOfThem() {
        commits(50);
        assertThat(pace.quietNanos()).isBetween(TimeUnit.MILLISECONDS.toNanos(190), TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void quietNanos_veryBadCommits_isASecondAtMost() {
        commits(5_000);
        assertThat(pace.quietNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void longestHeat_growsWithCommits() {
        assertThat(pace.longestHeatNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(240));
        commits(100);
        assertThat(pace.longestHeatNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_400));
    }

    private void commits(long millis) {
        for (int i = 0; i < 200; i++) {
            pace.committed(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
