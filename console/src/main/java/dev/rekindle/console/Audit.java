package dev.rekindle.console;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes down each change that was asked for through the console or its API. Implementations are thread-safe. */
@FunctionalInterface
public interface Audit {
    /** One line for each change, to the logger {@code rekindle.audit}. */
    Audit LOG = new Audit() {
        private static final Logger LOG = LoggerFactory.getLogger("rekindle.audit");

        @Override
        public void changed(Change change) {
            LOG.info(
                    "{} by {}: {} '{}': {}",
                    change.at(),
                    change.who(),
                    change.action(),
                    onOneLine(change.subject()),
                    onOneLine(change.outcome()));
        }
    };

    /** Somebody asked for a change, and this is what became of it. */
    void changed(Change change);

    /** The text without line breaks and other control characters, which could pretend to be another line. */
    private static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    }

    /**
     * A change that was asked for. Immutable.
     *
     * @param at when
     * @param who the address it came from, and how that was allowed to
     * @param action what was asked for, for example {@code cancel}
     * @param subject of which instance, or of what
     * @param outcome {@code done}, perhaps with how often, or why not
     */
    record Change(Instant at, String who, String action, String subject, String outcome) {}
}
