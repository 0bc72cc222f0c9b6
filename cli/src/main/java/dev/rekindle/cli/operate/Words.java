package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.cli.Printable;
import java.util.Locale;

/**
 * A piece of text with its style. The text may come from anywhere: whatever could command a terminal is taken out of it
 * here, so what the commands print has been through here.
 */
record Words(String text, Style style) {
    static final Words NONE = new Words("", Style.PLAIN);

    Words {
        text = Printable.text(text);
    }

    static Words of(String text) {
        return new Words(text, Style.PLAIN);
    }

    static Words of(Status status) {
        return new Words(status.label(), Style.of(status));
    }

    static Words dim(String text) {
        return new Words(text, Style.DIM);
    }

    static Words bold(String text) {
        return new Words(text, Style.BOLD);
    }

    static Words number(long number) {
        return of(grouped(number));
    }

    /** A number with its thousands apart. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** So many of something: {@code 1 instance}, {@code 2 instances}. */
    static String count(long number, String one) {
        String many = one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
        return grouped(number) + " " + (number == 1 ? one : many);
    }

    int width() {
        return Columns.width(text);
    }

    /** At most so many columns wide. */
    Words cut(int columns) {
        return new Words(Columns.cut(text, columns), style);
    }

    String shown(boolean colored) {
        return colored ? style.on(text) : text;
    }
}
