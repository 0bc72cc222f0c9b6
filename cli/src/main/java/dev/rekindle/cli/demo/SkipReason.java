package dev.rekindle.cli.demo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file is not archived, in words for people. */
final class SkipReason {
    static final String CHANGED = "changed while it was read";
    static final String LINK = "symbolic link";
    static final String NAME = "its name is not UTF-8";
    static final String SPECIAL = "not a regular file";

    private SkipReason() {}

    /** What an error says of the file that could not be read. */
    static String of(IOException error) {
        return switch (error) {
            case NoSuchFileException gone -> "vanished";
            case AccessDeniedException denied -> "not readable: permission denied";
            case FileSystemException known when known.getReason() != null -> "not readable: " + known.getReason();
            default -> "not readable: " + error.getMessage();
        };
    }
}
