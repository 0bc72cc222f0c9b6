package dev.rekindle.cli.operate;

import dev.rekindle.RekindleException;
import dev.rekindle.cli.ExitCode;
import java.util.ArrayList;
import java.util.List;

/** What went wrong with some of several instances, while the rest went on. Not thread-safe. */
final class Mishaps {
    private final boolean several;
    private final List<ExitCode> codes = new ArrayList<>();

    /** With so many things to do: what goes wrong with the only one ends the command. */
    Mishaps(int count) {
        this.several = count > 1;
    }

    /** Keeps it in mind, unless it would go wrong with the next one too: then it is thrown. */
    void add(RekindleException wrong) {
        ExitCode code = ExitCode.of(wrong.code());
        if (!several || code == ExitCode.STORE || code == ExitCode.NOT_AVAILABLE) {
            throw wrong;
        }
        codes.add(code);
    }

    /** The code that all of them have; {@code FAILED} where they have different ones. */
    ExitCode exitCode() {
        return switch ((int) codes.stream().distinct().count()) {
            case 0 -> ExitCode.OK;
            case 1 -> codes.getFirst();
            default -> ExitCode.FAILED;
        };
    }
}
