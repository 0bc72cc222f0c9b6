package dev.rekindle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page about limits and errors says what the code does. */
class DocumentedLimitsTest {
    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/limits-and-errors.md"));
    }

    @Test
    void page_everyErrorCode_isListed() throws IOException {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(page()).contains("| `" + code + "` |");
        }
    }

    @Test
    void page_everyLimit_hasItsNumber() throws IOException {
        assertThat(page())
                .contains("1 to " + Limits.MAX_NAME_CHARS)
                .contains("1 to " + Limits.MAX_INSTANCE_ID_CHARS)
                .contains(String.format(Locale.ROOT, "%,d bytes", Limits.MAX_PAYLOAD_BYTES))
                .contains(String.format(Locale.ROOT, "%,d characters", Limits.MAX_FAILURE_CHARS))
                .contains("attributes of an instance | " + Limits.MAX_ATTRIBUTES)
                .contains("quarantined | " + Limits.MAX_NODE_DEATHS)
                .contains("ends at | " + LocalDate.ofInstant(Limits.LATEST_TIME, ZoneOffset.UTC));
    }
}
