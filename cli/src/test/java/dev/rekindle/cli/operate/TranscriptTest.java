package dev.rekindle.cli.operate;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a SQLite file with nobody alive; what it prints stands in files. */
class TranscriptTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instances",
                "show",
                "why",
                "history",
                "tree",
                "counts",
                "start",
                "suspend",
                "cancel",
                "retry",
                "fork",
                "delete",
                "prune",
                "carry",
                "doctor",
                "wrong"
            })
    void commands_onTheShop_printWhatTheFileSays(String name) throws IOException {
        String url = "sqlite:" + folder.resolve("shop.db");
        Samples.importInto(url, Samples.shop());
        Samples.measureIn(url);

        Transcript.check(name, folder, url);
    }

    @Test
    void commands_onHostileTexts_printNothingThatCommandsATerminal() throws IOException {
        String url = "sqlite:" + folder.resolve("hostile.db");
        Samples.importInto(url, Samples.hostile());

        Transcript.check("hostile", folder, url);
    }

    @Test
    void commands_withoutManagement_sayWhatIsMissing() throws IOException {
        Transcript.check("basic", folder, "basic:transcript");
    }
}
