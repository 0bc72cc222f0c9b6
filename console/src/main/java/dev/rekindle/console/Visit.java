package dev.rekindle.console;

import dev.rekindle.console.wire.Parameters;
import java.util.Map;

/**
 * One visit of a page. Immutable.
 *
 * @param path the page's path
 * @param query what stands behind the question mark
 * @param formSecret what its forms repeat
 * @param readOnly whether nothing can be changed
 * @param signedIn whether it can sign out
 */
record Visit(String path, Parameters query, String formSecret, boolean readOnly, boolean signedIn) {
    private static final Map<String, String> DONE = Map.ofEntries(
            Map.entry("start", "Started."),
            Map.entry("send-event", "The event was sent."),
            Map.entry("cancel", "The instance was asked to cancel."),
            Map.entry("terminate", "The instance is being terminated."),
            Map.entry("suspend", "The instance is suspended."),
            Map.entry("resume", "The instance goes on."),
            Map.entry("retry", "The instance is tried again."),
            Map.entry("fork", "Forked: this is the new instance."),
            Map.entry("delete", "Deleted."),
            Map.entry("prune", "Old executions were removed."));

    /** What the page before has done, in a sentence; empty when it did nothing. */
    String done() {
        return query.text("done").map(what -> DONE.getOrDefault(what, "")).orElse("");
    }
}
