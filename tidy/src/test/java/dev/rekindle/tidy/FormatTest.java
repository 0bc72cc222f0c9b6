package dev.rekindle.tidy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One formatter for every Java file; it also orders the imports and drops unused ones. */
class FormatTest {

    private static final String FIX = "mvn -q -pl tidy test -Dtidy.fix=true";

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    @Test
    void everyJavaFile_looksAsTheFormatterWritesIt() throws IOException {
        List<Path> files = Repository.javaFiles();
        assertThat(files).as("Java files under %s", Repository.root()).isNotEmpty();

        List<Path> untidy = files.parallelStream()
                .filter(file -> !formatted(file).equals(Repository.read(file)))
                .toList();
        if (Boolean.getBoolean("tidy.fix")) {
            for (Path file : untidy) {
                Files.writeString(file, formatted(file));
            }
        } else if (!untidy.isEmpty()) {
            fail(untidy.stream()
                    .map(Repository::nameOf)
                    .collect(joining("\n  ", "Not formatted:\n  ", "\n`" + FIX + "` rewrites them.")));
        }
    }

    private String formatted(Path file) {
        try {
            return formatter.formatSourceAndFixImports(Repository.read(file));
        } catch (FormatterException e) {
            throw new AssertionError("cannot be formatted: '" + Repository.nameOf(file) + "': " + e.getMessage(), e);
        }
    }
}
