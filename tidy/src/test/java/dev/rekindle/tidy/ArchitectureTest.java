package dev.rekindle.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way. The class files are read from the modules' folders: this module depends on no other, so
 * that it runs alone too, and stands last in the build, so that they are there when it runs with them.
 */
class ArchitectureTest {

    private static final String MEMORY = "dev.rekindle.memory..";
    private static final String SQLITE = "dev.rekindle.sqlite..";
    private static final String POSTGRES = "dev.rekindle.postgres..";
    private static final List<String> PROVIDERS = List.of(MEMORY, SQLITE, POSTGRES);
    private static final String JDBC = "dev.rekindle.jdbc..";
    private static final String TESTKIT = "dev.rekindle.testkit..";
    private static final String CONSOLE = "dev.rekindle.console..";
    private static final String CLI = "dev.rekindle.cli..";
    private static final String EXAMPLES = "dev.rekindle.examples..";

    private static JavaClasses compiled = new ClassFileImporter().importClasses(List.of());

    @BeforeAll
    static void readClassFiles() {
        List<Path> folders = Stream.of(
                        "core", "testkit", "memory", "jdbc", "sqlite", "postgres", "console", "cli", "examples")
                .map(module -> Repository.root().resolve(module).resolve("target/classes"))
                .toList();
        assumeTrue(
                folders.stream().allMatch(Files::isDirectory), "not all modules are compiled: `mvn verify` runs this");
        compiled = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void core_knowsNoOtherModule() {
        String[] others = others();
        check(noClasses()
                .that()
                .resideInAPackage("dev.rekindle..")
                .and()
                .resideOutsideOfPackages(others)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others));
    }

    @Test
    void provider_knowsOnlyCoreAndJdbc() {
        for (String provider : PROVIDERS) {
            check(noClasses()
                    .that()
                    .resideInAPackage(provider)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(othersThan(provider, JDBC)));
        }
    }

    @Test
    void jdbc_knowsOnlyCore() {
        check(noClasses()
                .that()
                .resideInAPackage(JDBC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(othersThan(JDBC)));
    }

    @Test
    void jdbc_isKnownToProvidersOnJdbcOnly() {
        check(classes()
                .that()
                .resideInAPackage(JDBC)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(JDBC, SQLITE, POSTGRES));
    }

    private static String[] othersThan(String... known) {
        return Arrays.stream(others())
                .filter(other -> !List.of(known).contains(other))
                .toArray(String[]::new);
    }

    /** The packages of all modules but core. */
    private static String[] others() {
        return Stream.concat(PROVIDERS.stream(), Stream.of(JDBC, TESTKIT, CONSOLE, CLI, EXAMPLES))
                .toArray(String[]::new);
    }

    @Test
    void console_knowsOnlyCore() {
        check(noClasses()
                .that()
                .resideInAPackage(CONSOLE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(othersThan(CONSOLE)));
    }

    @Test
    void console_isKnownToTheCliOnly() {
        check(classes()
                .that()
                .resideInAPackage(CONSOLE)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(CONSOLE, CLI, EXAMPLES));
    }

    @Test
    void cli_isKnownToNobody() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CLI));
    }

    /** A turn is a pure function of history and messages. */
    @Test
    void replay_touchesNoStoreNoFileNoClock() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.rekindle.runtime.replay..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.rekindle.provider.Provider")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(?:File|RandomAccess).*"));
    }

    @Test
    void runtime_isKnownToCoreOnly() {
        check(classes()
                .that()
                .resideInAPackage("dev.rekindle.runtime..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideOutsideOfPackages(others()));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(compiled);
    }
}
