package dev.rekindle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {
    /** An exception whose own code fails. */
    private static final class Unreadable extends IllegalStateException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("not even this");
        }
    }

    @Test
    void of_exceptionThatCannotBeRead_tellsItsClass() {
        Failure failure = Failure.of(new Unreadable());
        assertThat(failure.type()).isEqualTo(Unreadable.class.getName());
        assertThat(failure.message()).isEqualTo("no message: reading it threw java.lang.UnsupportedOperationException");
        assertThat(failure.retryable()).isTrue();
    }
}
