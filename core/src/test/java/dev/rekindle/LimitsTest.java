package dev.rekindle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final String HIGH = "\uD83D";
    private static final String LOW = "\uDE00";

    @ParameterizedTest
    @ValueSource(strings = {HIGH, LOW, "a" + HIGH, LOW + "z", LOW + HIGH, HIGH + HIGH + LOW})
    void checkName_halfACharacter_isRefused(String name) {
        assertThatThrownBy(() -> Limits.checkName("channel", name))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("half a character in channel");
    }

    @Test
    void checkName_wholeCharacters_isTaken() {
        assertThat(Limits.checkName("channel", HIGH + LOW + "é")).isEqualTo(HIGH + LOW + "é");
    }

    @Test
    void checkPayload_halvesOfCharacters_becomeEscapesThatGiveThemBack() {
        String value = LOW + "a" + HIGH + LOW + "b" + HIGH;
        String payload = Limits.checkPayload("it", Codec.json().encode(value));
        assertThat(payload).isEqualTo("\"\\ude00a" + HIGH + LOW + "b\\ud83d\"");
        assertThat(Codec.json().decode(payload, String.class)).isEqualTo(value);
    }

    @Test
    void failure_cutInsideACharacter_keepsWholeOnes() {
        String tooLong = "x".repeat(Limits.MAX_FAILURE_CHARS - 2) + HIGH + LOW + "y";
        Failure failure = new Failure("E", tooLong, "at " + HIGH, false);
        assertThat(failure.message()).hasSize(Limits.MAX_FAILURE_CHARS).endsWith("x\uFFFD…");
        assertThat(failure.stackTrace()).isEqualTo("at \uFFFD");
    }

    @Test
    void timeAfter_fartherThanTheLatest_isTheLatest() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(Limits.timeAfter(now, Duration.ofDays(1))).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(Limits.timeAfter(now, Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Limits.LATEST_TIME);
    }
}
