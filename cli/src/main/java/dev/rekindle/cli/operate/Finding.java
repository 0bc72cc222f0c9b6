package dev.rekindle.cli.operate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a look at a store's health found.
 *
 * @param check what was looked at
 * @param text what was found
 * @param advice what to do about it, if something should be done
 */
record Finding(
        Level level, String check, String text, @Nullable String advice) {
    /** How bad it is. */
    enum Level {
        OK(Style.GREEN),
        /** Somebody should know, and nothing is broken. */
        NOTE(Style.YELLOW),
        PROBLEM(Style.RED);

        private final Style style;

        Level(Style style) {
            this.style = style;
        }

        Words words() {
            return new Words("%-8s".formatted(name().toLowerCase(Locale.ROOT)), style);
        }
    }

    static Finding ok(String check, String text) {
        return new Finding(Level.OK, check, text, null);
    }

    static Finding note(String check, String text, String advice) {
        return new Finding(Level.NOTE, check, text, advice);
    }

    static Finding problem(String check, String text, String advice) {
        return new Finding(Level.PROBLEM, check, text, advice);
    }
}
