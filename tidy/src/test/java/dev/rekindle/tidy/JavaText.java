package dev.rekindle.tidy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a Java file, and the same text with comments and literals blanked out. */
record JavaText(String all, String code) {

    private static final Pattern NO_CODE = Pattern.compile("""
        //[^\\n]*                            # a comment to the end of the line
        | /\\*(?s:.*?)\\*/                   # a comment
        | "{3}(?s:[^\\\\"]++|\\\\.|"(?!""))*+"{3} # a text block, runs of it at a time: a long one would fill the stack
        | "(?:\\\\.|[^"\\\\\\n])*"           # a string
        | '(?:\\\\.|[^'\\\\\\n])+'           # a character
        """, Pattern.COMMENTS);

    static JavaText of(String all) {
        return new JavaText(all, NO_CODE.matcher(all).replaceAll(found -> blank(found.group())));
    }

    /** Line breaks stay, so that positions mean the same in both texts; so do quotes, so that a literal is still seen. */
    private static String blank(String found) {
        boolean literal = found.startsWith("\"") || found.startsWith("'");
        String inner = literal ? found.substring(1, found.length() - 1) : found;
        String blanked = inner.replaceAll("[^\\n]", " ");
        String quote = literal ? found.substring(0, 1) : "";
        return Matcher.quoteReplacement(quote + blanked + quote);
    }

    int lineAt(int position) {
        return 1
                + (int) all.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    int lines() {
        return (int) all.lines().count();
    }
}
