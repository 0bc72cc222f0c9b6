package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Doing something with many instances, one by one: what can't be done with one is left out, and counted by the reason.
 *
 * @param reading where instances are found
 */
record Many(ManagementCapability reading) {
    private static final int PAGE = 500;

    /** Longer than two times can be apart that a store keeps as one. */
    private static final Duration TICK = Duration.ofMillis(1);

    /** How many instances fit, counted up to a number. */
    long count(InstanceQuery query, long upTo) {
        Walk walk = new Walk(query, upTo);
        walk.each(page -> {});
        return walk.seen;
    }

    /** Does something with each that fits; {@code action} says for how many it did. */
    BulkResult forAll(InstanceQuery query, long limit, ToLongFunction<String> action) {
        Tally<String> tally = new Tally<>(action);
        new Walk(query, limit).each(page -> tally.addAll(page.stream().map(InstanceSummary::instance)));
        return tally.result();
    }

    /** Does something with each of these; {@code action} says for how many it did. */
    static BulkResult forEach(Stream<String> instances, ToLongFunction<String> action) {
        Tally<String> tally = new Tally<>(action);
        tally.addAll(instances);
        return tally.result();
    }

    /** What would become of those that fit, looked at up to a number; {@code step} says for how many it would be done. */
    Outlook outlook(InstanceQuery query, long upTo, ToLongFunction<InstanceSummary> step) {
        Tally<InstanceSummary> tally = new Tally<>(step);
        Walk walk = new Walk(query, upTo);
        walk.each(page -> tally.addAll(page.stream()));
        return new Outlook(walk.seen, walk.more, tally.result(), walk.asSeen());
    }

    /** Whether the next instance will meet the same error. */
    static boolean isTroubleOfTheStore(ErrorCode code) {
        return switch (code) {
            case STORE_UNAVAILABLE, STORE_FULL, STORE_UNREADABLE, CLOSED, READ_ONLY, CAPABILITY_NOT_AVAILABLE -> true;
            default -> false;
        };
    }

    /** What was done to some, and why not to others. */
    private static final class Tally<T> {
        private final ToLongFunction<T> action;
        private final Map<String, Long> skipped = new LinkedHashMap<>();
        private long done;

        Tally(ToLongFunction<T> action) {
            this.action = action;
        }

        void addAll(Stream<T> instances) {
            instances.forEach(this::add);
        }

        private void add(T instance) {
            try {
                done += action.applyAsLong(instance);
            } catch (RekindleException e) {
                if (isTroubleOfTheStore(e.code())) {
                    throw e;
                }
                skipped.merge(reason(e), 1L, Long::sum);
            }
        }

        BulkResult result() {
            return new BulkResult(done, skipped);
        }

        /** Which error, without which instance. */
        private static String reason(RekindleException e) {
            String message = String.valueOf(e.getMessage());
            int colon = message.indexOf(':');
            return colon < 0 ? message : message.substring(0, colon);
        }
    }

    /** A walk over all instances that fit, in pages. */
    private final class Walk {
        private final InstanceQuery query;
        private final long limit;
        private long seen;
        private boolean more;
        private @Nullable Instant newest;

        Walk(InstanceQuery query, long limit) {
            this.query = query;
            this.limit = limit;
        }

        void each(Consumer<List<InstanceSummary>> action) {
            String cursor = null;
            do {
                int size = (int) Math.min(PAGE, limit - seen);
                if (size <= 0) {
                    more = cursor != null;
                    return;
                }
                Page<InstanceSummary> page = reading.queryInstances(query, new PageRequest(size, cursor));
                if (newest == null && !page.items().isEmpty()) {
                    newest = page.items().getFirst().createdAt();
                }
                seen += page.items().size();
                action.accept(page.items());
                cursor = page.next();
            } while (cursor != null);
        }

        /** The same query for nothing that was started later than what was seen, told by the store's own times. */
        InstanceQuery asSeen() {
            Instant last = newest;
            return last == null ? query : query.withCreated(query.createdFrom(), earlier(last.plus(TICK)));
        }

        private Instant earlier(Instant time) {
            Instant before = query.createdBefore();
            return before != null && before.isBefore(time) ? before : time;
        }
    }
}
