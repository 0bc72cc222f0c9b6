package dev.rekindle.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is banned, where, and what to write instead: {@link Rules}. */
class TidyTest {

    private static final Pattern NULL_MARKED = Pattern.compile("@(?:org\\.jspecify\\.annotations\\.)?NullMarked\\b");

    @Test
    void everyJavaFile_keepsTheRules() {
        List<String> findings = new ArrayList<>();
        for (Path file : Repository.javaFiles()) {
            String name = Repository.nameOf(file);
            JavaText text = JavaText.of(Repository.read(file));
            for (Rule rule : Rules.ALL) {
                if (rule.appliesTo(name)) {
                    findings.addAll(rule.findings(name, text));
                }
            }
        }
        assertThat(findings).isEmpty();
    }

    @Test
    void everyRule_findsItsExample() {
        for (Rule rule : Rules.ALL) {
            assertThat(rule.findings("Example.java", JavaText.of(rule.example())))
                    .as(rule.example())
                    .hasSize(1);
        }
    }

    @Test
    void rulesForCode_overlookCommentsAndLiterals() {
        String harmless = "/* synchronized */ String s = \"synchronized \\\" synchronized\"; // synchronized";
        assertThat(JavaText.of(harmless).code()).doesNotContain("synchronized").hasSameSizeAs(harmless);
    }

    @Test
    void everyJavaFile_isShortEnoughToRead() {
        assertThat(Repository.javaFiles())
                .filteredOn(file -> JavaText.of(Repository.read(file)).lines() > Rules.LINES_AT_MOST)
                .as("longer than %d lines: split it by concern", Rules.LINES_AT_MOST)
                .extracting(Repository::nameOf)
                .isEmpty();
    }

    /** NullAway looks only at what is marked; an unmarked package would pass without being looked at. */
    @Test
    void everyPackage_isNullMarked() {
        List<String> unmarked = Repository.javaFiles().stream()
                .filter(file -> Repository.nameOf(file).contains("/src/") && !file.endsWith("module-info.java"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !isNullMarked(folder))
                .map(Repository::nameOf)
                .toList();
        assertThat(unmarked)
                .as("no @NullMarked in package-info.java, nor in module-info.java")
                .isEmpty();
    }

    /** By its module, or by its package in main or in test code. */
    private static boolean isNullMarked(Path folder) {
        String name = Repository.nameOf(folder);
        Path module = Repository.root().resolve(name.substring(0, name.indexOf("/src/")));
        String inSource = name.replaceFirst("^.*?/src/\\w+/java/?", "");
        return marks(module.resolve("src/main/java/module-info.java"))
                || marks(module.resolve("src/main/java").resolve(inSource).resolve("package-info.java"))
                || marks(module.resolve("src/test/java").resolve(inSource).resolve("package-info.java"));
    }

    private static boolean marks(Path file) {
        return Files.exists(file)
                && NULL_MARKED
                        .matcher(JavaText.of(Repository.read(file)).code())
                        .find();
    }
}
