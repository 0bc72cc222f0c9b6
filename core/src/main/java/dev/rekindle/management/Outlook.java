package dev.rekindle.management;

/**
 * What would become of many instances: looked at, and nothing changed. Immutable.
 *
 * @param matched how many fit, as far as they were looked at
 * @param more whether there may be more that fit: looking stopped
 * @param expected for how many it would be done, children that go with them included, and how many would be left
 * @param query asks for the same instances, and for none that was started since; together with {@link #matched()} as the
 *     limit it bounds what is done to what was looked at
 */
public record Outlook(long matched, boolean more, BulkResult expected, InstanceQuery query) {
    /** How many it would be done for only because they are children of others. */
    public long children() {
        return expected.done() - (matched - expected.skipped());
    }
}
