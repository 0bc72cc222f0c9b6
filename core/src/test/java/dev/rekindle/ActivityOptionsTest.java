package dev.rekindle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ActivityOptionsTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration HUNDRED_YEARS = Duration.ofDays(36_525);

    @Test
    void times_longerThanAHundredYears_countAsAHundredYears() {
        ActivityOptions options = ActivityOptions.DEFAULT
                .backoff(FOREVER)
                .maxBackoff(FOREVER)
                .timeout(FOREVER)
                .totalTimeout(FOREVER)
                .heartbeatTimeout(FOREVER);
        assertThat(options)
                .isEqualTo(new ActivityOptions(
                        1, HUNDRED_YEARS, 2.0, HUNDRED_YEARS, HUNDRED_YEARS, HUNDRED_YEARS, HUNDRED_YEARS));
        assertThat(options.waitAfter(1_000)).isEqualTo(HUNDRED_YEARS);
    }
}
