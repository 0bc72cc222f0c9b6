package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.management.Deletion;
import org.jspecify.annotations.Nullable;

/**
 * What came of a change: what it removed, or why it was refused.
 *
 * @param removed what it removed; null when it was refused
 * @param code why it was refused
 * @param text the same for people, without the code
 */
record Answer(
        @Nullable Deletion removed,
        @Nullable ErrorCode code,
        @Nullable String text) {
    static Answer done(Deletion removed) {
        return new Answer(removed, null, null);
    }

    static Answer refused(RekindleException why) {
        String message = String.valueOf(why.getMessage());
        String prefix = why.code() + " ";
        return new Answer(null, why.code(), message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }

    boolean isRefusal() {
        return code != null;
    }

    /**
     * What was removed.
     *
     * @throws RekindleException when it was refused
     */
    Deletion removedOrThrow() {
        if (code != null) {
            throw new RekindleException(code, String.valueOf(text));
        }
        return removed == null ? Deletion.NONE : removed;
    }
}
