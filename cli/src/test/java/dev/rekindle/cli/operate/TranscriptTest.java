package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Rekindle;
import dev.rekindle.Stores;
import dev.rekindle.cli.Cli;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command on stores of each kind with nobody alive; what it prints stands in files, and is the same for all. */
@Timeout(60)
class TranscriptTest {
    private static final List<String> ON_THE_SHOP = List.of(
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
            "doctor");

    @TempDir
    private Path folder = Path.of("");

    static Stream<SampleStore.Kind> managedStores() {
        return Stream.of(SampleStore.Kind.SQLITE, SampleStore.Kind.POSTGRES, SampleStore.Kind.CONSOLE);
    }

    static Stream<Arguments> filesOnManagedStores() {
        return managedStores().flatMap(kind -> ON_THE_SHOP.stream().map(name -> Arguments.of(name, kind)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("filesOnManagedStores")
    void commands_onTheShop_printWhatTheFileSays(String name, SampleStore.Kind kind) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("tree")).resolve("hello.txt"), "hello");
        try (SampleStore store = shop(kind, "shop_" + name)) {
            Transcript.check(name, folder, store);
        }
    }

    @Test
    void commands_withWrongArguments_sayWhatIsWrong() throws IOException {
        try (SampleStore store = shop(SampleStore.Kind.SQLITE, "wrong")) {
            Transcript.check("wrong", folder, store);
        }
    }

    private SampleStore shop(SampleStore.Kind kind, String name) {
        return SampleStore.of(kind, name, folder, url -> {
            Samples.importInto(url, Samples.shop());
            Samples.measureIn(url);
        });
    }

    @ParameterizedTest
    @MethodSource("managedStores")
    void commands_onHostileTexts_printNothingThatCommandsATerminal(SampleStore.Kind kind) throws IOException {
        try (SampleStore store =
                SampleStore.of(kind, "hostile", folder, url -> Samples.importInto(url, Samples.hostile()))) {
            Transcript.check("hostile", folder, store);
        }
    }

    @ParameterizedTest
    @MethodSource("managedStores")
    void commands_aboutDeadLetters_listAndDeleteThem(SampleStore.Kind kind) throws IOException {
        try (SampleStore store = SampleStore.of(kind, "letters", folder, Samples::leaveDeadLetters)) {
            Transcript.check("letters", folder, store);
        }
    }

    @ParameterizedTest
    @MethodSource("managedStores")
    void commands_besideANode_seeIt(SampleStore.Kind kind) throws IOException {
        try (SampleStore store = SampleStore.of(kind, "node", folder, url -> {});
                Provider provider = Stores.open(store.place());
                Rekindle node = Samples.node(provider)) {
            while (node.client().management().nodes().isEmpty()) {
                Thread.onSpinWait();
            }
            Transcript.check("node", folder, store);
        }
    }

    @Test
    void commands_onAColouredTerminal_colourWhatPeopleRead() throws IOException {
        try (SampleStore store = shop(SampleStore.Kind.SQLITE, "colours")) {
            Transcript.checkColoured("colours", folder, store);
        }
    }

    @Test
    void commands_withoutManagement_sayWhatIsMissing() throws IOException {
        try (SampleStore store = SampleStore.of(SampleStore.Kind.BASIC, "transcript", folder, url -> {})) {
            Transcript.check("basic", folder, store);
        }
    }

    @Test
    void everyCommand_standsInATranscript() throws IOException {
        Set<String> missing = new TreeSet<>(Cli.commands());
        missing.removeAll(Transcript.commandsOfAll());
        assertThat(missing).isEmpty();
    }
}
