package dev.rekindle.management;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the answers to a question. Immutable.
 *
 * @param items what was found; a page may have fewer than were asked for, or none, and yet not be the last
 * @param next the cursor of the next page; null when this is the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /** Makes the list immutable. */
    public Page {
        items = List.copyOf(items);
    }

    /** The only page, with nothing on it. */
    public static <T> Page<T> empty() {
        return new Page<>(List.of(), null);
    }
}
