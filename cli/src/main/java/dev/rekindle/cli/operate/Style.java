package dev.rekindle.cli.operate;

import dev.rekindle.Status;

/** How a piece of text looks on a terminal that shows colours. */
enum Style {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    MAGENTA("35"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text in this style. */
    String on(String text) {
        return this == PLAIN || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
    }

    static Style of(Status status) {
        return switch (status) {
            case PENDING -> CYAN;
            case RUNNING, CONTINUED_AS_NEW -> BLUE;
            case SUSPENDED -> YELLOW;
            case STUCK -> MAGENTA;
            case COMPLETED -> GREEN;
            case FAILED, TERMINATED -> RED;
            case CANCELLED -> DIM;
        };
    }
}
