package dev.rekindle.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code in documents is code that is compiled and run. A block after {@code <!-- snippet: FILE NAME -->} holds the regions
 * of that file between {@code // snippet: NAME} and {@code // snippet end}.
 */
class SnippetTest {
    private static final Pattern BLOCK =
            Pattern.compile("<!-- snippet: (\\S+) (\\S+) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile(
            "(?m)^ *// snippet: (\\S+)\\n(.*?)^ *// snippet end\\n", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everySnippet_isTheCodeThatItNames() throws IOException {
        List<String> stale = new ArrayList<>();
        int snippets = 0;
        for (Path document : documents()) {
            String text = Repository.read(document);
            Matcher block = BLOCK.matcher(text);
            StringBuilder current = new StringBuilder();
            while (block.find()) {
                snippets++;
                String code = region(block.group(1), block.group(2));
                if (!code.equals(block.group(3))) {
                    stale.add(Repository.nameOf(document) + ": " + block.group(1) + " " + block.group(2));
                }
                block.appendReplacement(
                        current,
                        Matcher.quoteReplacement("<!-- snippet: %s %s -->\n```java\n%s```\n"
                                .formatted(block.group(1), block.group(2), code)));
            }
            block.appendTail(current);
            if (Boolean.getBoolean("tidy.fix")) {
                Files.writeString(document, current);
            }
        }
        assertThat(snippets).as("snippets").isPositive();
        if (!stale.isEmpty() && !Boolean.getBoolean("tidy.fix")) {
            fail("Stale snippets: " + stale + "\n`mvn -q -pl tidy test -Dtidy.fix=true` renews them.");
        }
    }

    private static String region(String file, String name) {
        Matcher region = REGION.matcher(Repository.read(Repository.root().resolve(file)));
        List<String> parts = new ArrayList<>();
        while (region.find()) {
            if (region.group(1).equals(name)) {
                parts.add(region.group(2).stripTrailing());
            }
        }
        assertThat(parts).as("regions '%s' in %s", name, file).isNotEmpty();
        return String.join("\n\n", parts).stripIndent() + "\n";
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(Repository.root());
                Stream<Path> docs = Files.list(Repository.root().resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
