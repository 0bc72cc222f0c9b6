package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the answers is wanted. Immutable.
 *
 * @param limit how many items at most, 1 to {@link #MAX_LIMIT}
 * @param cursor what {@link Page#next()} of the page before said; null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {
    /** The most items that a page can have. */
    public static final int MAX_LIMIT = 1_000;

    /**
     * Checks the limit.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT}
     */
    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "page size out of range: '%d'; expected 1 to %d. Ask for less, and for the next page with its cursor."
                            .formatted(limit, MAX_LIMIT));
        }
    }

    /** The first page. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, null);
    }

    /** The page of the same size after this cursor. */
    public PageRequest after(String next) {
        return new PageRequest(limit, next);
    }
}
