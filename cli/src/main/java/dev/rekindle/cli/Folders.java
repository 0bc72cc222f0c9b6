package dev.rekindle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
public final class Folders {
    private Folders() {}

    /** Removes a folder if it is there; gives how many files and folders that were. Links are not followed. */
    public static int delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        List<Path> bottomUp;
        try (Stream<Path> all = Files.walk(folder)) {
            bottomUp = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : bottomUp) {
            Files.deleteIfExists(path);
        }
        return bottomUp.size();
    }
}
