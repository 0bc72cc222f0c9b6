package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Limits;
import java.net.URI;
import org.junit.jupiter.api.Test;

class RunIdTest {
    private static final URI OUT = URI.create("file:///out/");

    @Test
    void id_ofTheSameFolders_isTheSameAndReadable() {
        RunId id = RunId.of(URI.create("file:///home/ada/My%20Photos/"), OUT);

        assertThat(id.base()).matches("archive-my_photos-[0-9a-f]{8}");
        assertThat(id).isEqualTo(RunId.of(URI.create("file:///home/ada/My%20Photos/"), OUT));
    }

    @Test
    void id_ofOtherFolders_isAnother() {
        RunId id = RunId.of(URI.create("file:///a/"), OUT);

        assertThat(id).isNotEqualTo(RunId.of(URI.create("file:///b/"), OUT));
        assertThat(id).isNotEqualTo(RunId.of(URI.create("file:///a/"), URI.create("file:///other/")));
    }

    @Test
    void id_ofAnyName_isAnInstanceId() {
        for (String path : new String[] {"file:///", "file:///%E9%0A/", "file:///" + "x".repeat(1_000) + "/"}) {
            String instance = RunId.of(URI.create(path), OUT).instance(12);

            assertThat(Limits.checkInstanceId(instance)).endsWith("#12");
        }
    }
}
