package dev.rekindle.tidy;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something no file may contain.
 *
 * @param banned what is looked for
 * @param view where in the text
 * @param where the files it applies to: a regular expression over the path from the root
 * @param allowed the files it does not apply to, likewise
 * @param example a line that breaks the rule, so that a rule that finds nothing is itself found out
 * @param instead what to write in its place
 */
record Rule(Pattern banned, View view, Pattern where, List<Pattern> allowed, String example, String instead) {

    enum View {
        CODE,
        CODE_AND_COMMENTS
    }

    boolean appliesTo(String file) {
        return where.matcher(file).find()
                && allowed.stream().noneMatch(pattern -> pattern.matcher(file).find());
    }

    /** The lines that break this rule, as "file:line: text. Instead." */
    List<String> findings(String file, JavaText text) {
        String searched = switch (view) {
            case CODE -> text.code();
            case CODE_AND_COMMENTS -> text.all();
        };
        return banned.matcher(searched)
                .results()
                .map(found -> "%s:%d: `%s`: %s"
                        .formatted(
                                file, text.lineAt(found.start()), found.group().strip(), instead))
                .toList();
    }
}
