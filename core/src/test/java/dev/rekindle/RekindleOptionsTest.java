package dev.rekindle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RekindleOptionsTest {
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void times_longerThanAClockCounts_areRefused() {
        RekindleOptions options = RekindleOptions.DEFAULT;
        List.<Runnable>of(
                        () -> options.quietTime(ENDLESS),
                        () -> options.turnWarning(ENDLESS),
                        () -> options.retryDelay(ENDLESS),
                        () -> options.shutdownTimeout(ENDLESS))
                .forEach(change ->
                        assertThat(refusal(change)).contains("expected PT", "to PT876000H, found PT2562047788015215H"));
    }

    @Test
    void times_thatAreNone_areRefusedWhereTheyMakeNoSense() {
        RekindleOptions options =
                RekindleOptions.DEFAULT.quietTime(Duration.ZERO).shutdownTimeout(Duration.ZERO);
        assertThat(refusal(() -> options.retryDelay(Duration.ZERO))).contains("'retryDelay'");
        assertThat(refusal(() -> options.turnWarning(Duration.ZERO))).contains("'turnWarning'");
        assertThat(refusal(() -> options.quietTime(Duration.ofNanos(-1)))).contains("'quietTime'");
    }

    private static String refusal(Runnable change) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, change::run);
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return String.valueOf(refusal.getMessage());
    }
}
