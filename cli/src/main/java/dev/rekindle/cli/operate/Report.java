package dev.rekindle.cli.operate;

import dev.rekindle.cli.Json;
import dev.rekindle.cli.Printable;
import dev.rekindle.cli.Surroundings;
import dev.rekindle.cli.Terminal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Says what a command found, in the form that was asked for. Whatever text comes here is made harmless for a terminal. */
final class Report {
    /** The forms. */
    enum Form {
        /** Tables and sentences. */
        PEOPLE,
        /** One JSON value a line. */
        JSON,
        /** Ids, one a line. */
        IDS
    }

    private final Terminal terminal;
    private final Surroundings surroundings;
    private final Form form;

    Report(Terminal terminal, Surroundings surroundings, Form form) {
        this.terminal = terminal;
        this.surroundings = surroundings;
        this.form = form;
    }

    boolean isForPeople() {
        return form == Form.PEOPLE;
    }

    boolean isJson() {
        return form == Form.JSON;
    }

    boolean isIds() {
        return form == Form.IDS;
    }

    /** Whether there is a person to watch what changes. */
    boolean isLive() {
        return isForPeople() && terminal.isLive();
    }

    /** Times as seen from this moment. */
    Times times() {
        return new Times(surroundings.clock().instant(), surroundings.zone());
    }

    int width() {
        return surroundings.screen().width().getAsInt();
    }

    /** A line for people, of pieces that follow each other without a gap. */
    void line(Words... words) {
        terminal.line(shown(words));
    }

    void line(String text) {
        line(Words.of(text));
    }

    /** A line of JSON. */
    void json(Object value) {
        terminal.line(Json.line(value));
    }

    /** A JSON document over several lines. */
    void document(String json) {
        json.lines().map(Json::harmless).forEach(terminal::line);
    }

    /** An id on a line of its own: exactly as it is for programs, harmless at a terminal. */
    void id(String id) {
        boolean harmless = !surroundings.screen().interactive() && id.chars().noneMatch(Character::isISOControl);
        terminal.line(harmless ? id : Printable.text(id));
    }

    void table(Table table) {
        lines(table).forEach(terminal::line);
    }

    /** The table without its titles, to go on with one that was printed. */
    void rows(Table table) {
        lines(table).stream().skip(1).forEach(terminal::line);
    }

    List<String> lines(Table table) {
        return table.lines(width(), surroundings.screen().colored());
    }

    String shown(Words... words) {
        return Arrays.stream(words)
                .map(word -> word.shown(surroundings.screen().colored()))
                .collect(Collectors.joining());
    }

    /** Something beside the result, on the error stream. */
    void note(String text) {
        terminal.errorLine(Printable.text(text));
    }

    /** The line below all others, while it lasts. */
    void live(Words... words) {
        terminal.liveLine(shown(words));
    }

    /** A whole page of what {@link #shown} and {@link #lines(Table)} gave, in place of the one before. */
    void page(List<String> lines) {
        terminal.page(lines);
    }
}
