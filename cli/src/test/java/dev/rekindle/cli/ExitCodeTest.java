package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {

    @Test
    void numbers_areAllDifferent() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void everyError_endsWithAnotherNumberThanZero(ErrorCode code) {
        assertThat(ExitCode.of(code).number()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 2",
        "UNKNOWN_STORE, 2",
        "STORE_FOREIGN, 5",
        "STORE_FULL, 5",
        "INSTANCE_NOT_FOUND, 6",
        "INSTANCE_EXISTS, 7",
        "TIMED_OUT, 8",
        "ORCHESTRATION_FAILED, 1",
    })
    void documentedNumbers_neverChange(ErrorCode code, int number) {
        assertThat(ExitCode.of(code).number()).isEqualTo(number);
    }
}
