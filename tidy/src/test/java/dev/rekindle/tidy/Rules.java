package dev.rekindle.tidy;

import dev.rekindle.tidy.Rule.View;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules, one after the other. A new rule is a new entry here. */
final class Rules {

    static final int LINES_AT_MOST = 700;

    private static final String MAIN = "/src/main/java/";
    private static final String TEST = "/src/test/java/";
    private static final String ANYWHERE = "";

    /** The only places that read the system's clock: everything else is handed a Clock or a ticker. */
    private static final List<String> CLOCKS = List.of("/SystemTime\\.java$", "^bench/");

    static final List<Rule> ALL = List.of(
            code(
                    "\\bsynchronized\\b",
                    MAIN,
                    List.of(),
                    "synchronized (this) {",
                    "use a ReentrantLock: synchronized pins virtual threads on Java 21."),
            code(
                    "\\bSystem\\s*\\.\\s*(?:currentTimeMillis|nanoTime)\\b|\\b(?:Instant|LocalDateTime|ZonedDateTime)\\.now\\(\\)",
                    MAIN,
                    CLOCKS,
                    "long start = System.nanoTime();",
                    "take the clock or the ticker from outside: tests move it by hand."),
            code(
                    "\\bnew\\s+RuntimeException\\(",
                    ANYWHERE,
                    List.of(),
                    "throw new RuntimeException(e);",
                    "throw one of Rekindle's own exceptions, with its code."),
            code(
                    "\\bThread\\s*\\.\\s*sleep\\(|\\bTimeUnit\\.\\w+\\.sleep\\(",
                    TEST,
                    List.of(),
                    "Thread.sleep(100);",
                    "wait for a signal (a latch, a future) or move the clock."),
            code(
                    "\\bSystem\\s*\\.\\s*(?:out|err)\\b|\\.printStackTrace\\(\\)",
                    ANYWHERE,
                    List.of("^cli/", "^examples/", "^bench/"),
                    "System.out.println(event);",
                    "log it with SLF4J, or return it."),
            code(
                    "@Disabled\\b(?!\\s*\\(\\s*\"[^\"]*\\S?[^\"]+\")",
                    ANYWHERE,
                    List.of(),
                    "@Disabled",
                    "say in the annotation why, and when it comes back."),
            code(
                    "\\b(?:class|record|interface|enum)\\s+\\w*(?:Manager|Helper|Utils?|Processor|Impl)\\b",
                    ANYWHERE,
                    List.of(),
                    "final class LeaseManager {",
                    "find the noun or the verb of the domain that it is."),
            text("\\bTO[D]O\\b|\\bFIX[M]E\\b", "// TO" + "DO: later", "do it now, or write it down as an issue."));

    private Rules() {}

    private static Rule code(String banned, String where, List<String> allowed, String example, String instead) {
        return rule(banned, View.CODE, where, allowed, example, instead);
    }

    private static Rule text(String banned, String example, String instead) {
        return rule(banned, View.CODE_AND_COMMENTS, ANYWHERE, List.of(), example, instead);
    }

    private static Rule rule(
            String banned, View view, String where, List<String> allowed, String example, String instead) {
        Stream<Pattern> exceptions = allowed.stream().map(Pattern::compile);
        return new Rule(Pattern.compile(banned), view, Pattern.compile(where), exceptions.toList(), example, instead);
    }
}
