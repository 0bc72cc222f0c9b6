package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @Test
    void text_withControlCharacters_staysOnOneLineAndCommandsNothing() {
        assertThat(Printable.text("a\nb\r\tc\u001b[31md\u202ee")).isEqualTo("a\\nb\\r\\tc\\u001b[31md\\u202ee");
    }

    @Test
    void text_beyondAscii_isKept() {
        assertThat(Printable.text("größe 日本 🔥")).isEqualTo("größe 日本 🔥");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1234567, 1.2 MB",
        "999949, 999.9 kB",
        "999999, 1.0 MB",
        "9223372036854775807, 9.2 EB"
    })
    void bytes_ofEachSize_haveAUnit(long bytes, String text) {
        assertThat(Printable.bytes(bytes)).isEqualTo(text);
    }
}
