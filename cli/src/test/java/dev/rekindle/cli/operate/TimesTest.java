package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final Times TIMES = new Times(Instant.parse("2026-03-04T12:00:00Z"), ZoneOffset.ofHours(2));

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.999S, 999 ms",
        "PT1.25S, 1.3 s",
        "PT2S, 2 s",
        "PT59.9S, 59 s",
        "PT3M5S, 3 m 5 s",
        "PT12M5S, 12 m",
        "PT2H5M, 2 h 5 m",
        "PT23H, 23 h",
        "P3DT4H, 3 d 4 h",
        "P400D, 400 d"
    })
    void span_ofEachLength_isShort(Duration length, String text) {
        assertThat(Times.span(length)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-04T12:00:00.4Z, now",
        "2026-03-04T11:57:00Z, 3 m ago",
        "2026-03-04T09:00:00.002Z, 3 h ago",
        "2026-03-04T12:00:20Z, in 20 s"
    })
    void distance_ofATime_saysHowFarItIs(Instant time, String text) {
        assertThat(TIMES.distance(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-04T12:30:00Z, 14:30:00",
        "2026-03-06T12:00:00Z, Fri 14:00",
        "2026-04-06T12:00:00Z, 2026-04-06 14:00"
    })
    void clock_nearerTimes_needLessOfTheDate(Instant time, String text) {
        assertThat(TIMES.clock(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-03-04T11:58:30Z",
        "1h30m, 2026-03-04T10:30:00Z",
        "7D, 2026-02-25T12:00:00Z",
        "PT2H, 2026-03-04T10:00:00Z",
        "2026-01-31, 2026-01-30T22:00:00Z",
        "2026-01-31T14:00, 2026-01-31T12:00:00Z",
        "2026-01-31T14:00:00Z, 2026-01-31T14:00:00Z"
    })
    void moment_asPeopleTypeIt_isUnderstood(String text, Instant moment) {
        assertThat(Moments.moment(text, TIMES)).contains(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "yesterday",
                "-2h",
                "2h ago",
                "99999999999999999999d",
                "9223372036854775807w",
                "2026-13-01"
            })
    void moment_thatIsNone_isEmpty(String text) {
        assertThat(Moments.moment(text, TIMES)).isEmpty();
    }
}
