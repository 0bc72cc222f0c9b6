package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What each SQLSTATE means. */
class TroubleTest {
    @ParameterizedTest
    @CsvSource({
        "08000, STORE_UNAVAILABLE",
        "08001, STORE_UNAVAILABLE",
        "08006, STORE_UNAVAILABLE",
        "57P01, STORE_UNAVAILABLE",
        "57P02, STORE_UNAVAILABLE",
        "57P03, STORE_UNAVAILABLE",
        "57014, STORE_UNAVAILABLE",
        "53300, STORE_UNAVAILABLE",
        "53200, STORE_UNAVAILABLE",
        "40001, STORE_UNAVAILABLE",
        "40P01, STORE_UNAVAILABLE",
        "55P03, STORE_UNAVAILABLE",
        "25006, STORE_UNAVAILABLE",
        "28P01, STORE_UNAVAILABLE",
        "42501, STORE_UNAVAILABLE",
        "99999, STORE_UNAVAILABLE",
        "53100, STORE_FULL",
        "XX001, STORE_UNREADABLE",
        "XX002, STORE_UNREADABLE",
        ", STORE_UNAVAILABLE",
    })
    void of_sqlState_decidesTheCode(String state, ErrorCode code) {
        assertThat(Trouble.of("store", new SQLException("boom", state)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, STORE_UNREADABLE", "28000, STORE_UNREADABLE", "3D000, STORE_UNREADABLE", "42501, STORE_UNREADABLE",
        "22023, INVALID_ARGUMENT", "08001, STORE_UNAVAILABLE", "57P03, STORE_UNAVAILABLE", "53100, STORE_FULL",
    })
    void opening_sqlState_decidesTheCode(String state, ErrorCode code) {
        assertThat(Trouble.opening("store", new SQLException("boom", state)).code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "08000, true", "08003, true", "08006, true", "08007, true", "57P01, true", "57P02, true", "57P03, true",
        "57P05, true", "25P03, true", "40003, true", "08001, false", "08004, false", "57014, false", "40001, false",
        "23505, false", ", false",
    })
    void isConnectionLost_trueWhereTheOutcomeIsUnknown(String state, boolean lost) {
        assertThat(Trouble.isConnectionLost(new SQLException("boom", state))).isEqualTo(lost);
    }

    @ParameterizedTest
    @CsvSource({"40001, true", "40P01, true", "55P03, true", "40003, false", "08006, false", "23505, false"})
    void isRetryableTransaction_trueWhereNothingWasDone(String state, boolean retryable) {
        assertThat(Trouble.isRetryableTransaction(new SQLException("boom", state)))
                .isEqualTo(retryable);
    }

    @Test
    void isFenced_divisionByZeroOnly() {
        assertThat(Trouble.isFenced(new SQLException("boom", "22012"))).isTrue();
        assertThat(Trouble.isFenced(new SQLException("boom", "22003"))).isFalse();
    }

    @Test
    void of_batch_tellsTheServersWordsAndNoValues() {
        PSQLException cause =
                new PSQLException(new ServerErrorMessage("SERROR\0C40P01\0Mdeadlock detected\0Dvalue 4711\0"));
        BatchUpdateException batch =
                new BatchUpdateException("Batch entry 0 INSERT … VALUES (4711)", "40P01", new int[0], cause);
        batch.setNextException(cause);
        RekindleException told = Trouble.of("store", batch);
        assertThat(told).hasMessageContaining("deadlock detected").hasCause(cause);
        assertThat(told.getMessage()).doesNotContain("4711");
        assertThat(Trouble.isRetryableTransaction(batch)).isTrue();
    }

    @Test
    void of_poolThatCouldNotConnect_tellsWhy() {
        SQLException cause = new SQLException("Too many clients.", "53300");
        RekindleException told = Trouble.of("store", new SQLTransientConnectionException("timed out", cause));
        assertThat(told).hasMessageContaining("found: Too many clients. Trying").hasCause(cause);
    }
}
