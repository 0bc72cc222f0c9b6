package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asks for the code of an error. */
final class Codes {
    private Codes() {}

    static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
