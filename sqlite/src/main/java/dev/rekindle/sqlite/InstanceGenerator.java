package dev.rekindle.sqlite;

import dev.rekindle.Failure;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills a store with instances that have ended, as years of work would: to measure how it behaves when it is large. It
 * writes rows directly, tens of thousands in a second. Used by one thread at a time.
 */
public final class InstanceGenerator {
    private static final int PAGE = 10_000;
    /** The name of the attribute that each fourth instance has. */
    public static final String ATTRIBUTE = "tenant";

    private static final int ORCHESTRATIONS = 20;
    private static final int VERSIONS = 3;
    private static final int TENANTS = 1_000;
    private static final long MILLIS_APART = 1_000;

    private final SqliteProvider provider;
    private final String prefix;

    /**
     * Generates into the store of a provider.
     *
     * @param prefix what the ids of all instances begin with, before a number
     */
    public InstanceGenerator(SqliteProvider provider, String prefix) {
        this.provider = provider;
        this.prefix = prefix;
    }

    /**
     * Adds instances: of 20 orchestrations in three versions, nine of ten Completed, each tenth a child, each fourth with
     * an attribute {@link #ATTRIBUTE}, one started each second up to now. Ids that exist already are left as they are.
     */
    public void add(long count) {
        long now = provider.now();
        for (long first = 0; first < count; first += PAGE) {
            long size = Math.min(PAGE, count - first);
            List<Generated> page = new ArrayList<>();
            for (long i = first; i < first + size; i++) {
                page.add(generate(i, now - (count - i) * MILLIS_APART));
            }
            provider.write(new Insert(page));
        }
    }

    /** An instance before it has a key. */
    private record Generated(InstanceTable.Row row, Map<String, String> attributes, int events, String history) {}

    private Generated generate(long number, long createdAt) {
        String id = id(number);
        String orchestration = "Generated%02d".formatted(number % ORCHESTRATIONS);
        String version = "1." + number / ORCHESTRATIONS % VERSIONS;
        ParentLink parent = number % 10 == 9 ? new ParentLink(id(number - 9), "run-" + (number - 9), 1, 2) : null;
        Map<String, String> attributes = number % 4 == 0 ? Map.of(ATTRIBUTE, attribute(number / 4)) : Map.of();
        Instant at = Instant.ofEpochMilli(createdAt);
        Event.Outcome outcome = outcome(number, 4, at.plusMillis(20));
        String input = "{\"number\":%d}".formatted(number);
        List<Event> events = List.of(
                new Event.OrchestrationStarted(1, at, orchestration, version, input, parent),
                new Event.ActivityScheduled(2, at, "Reserve", input),
                new Event.ActivityCompleted(3, at.plusMillis(20), 2, "\"reserved\""),
                outcome);
        InstanceTable.Row row = new InstanceTable.Row(
                0,
                id,
                "run-" + number,
                orchestration,
                version,
                parent,
                outcome.status(),
                1,
                0,
                null,
                null,
                createdAt,
                createdAt,
                createdAt + 20,
                1,
                Json.ofAttributes(attributes));
        return new Generated(row, attributes, events.size(), JsonText.ofEvents(events));
    }

    /** The value of {@link #ATTRIBUTE} in each instance whose number, counted among those that have it, ends in this one. */
    public static String attribute(long number) {
        return "t" + number % TENANTS;
    }

    private String id(long number) {
        return "%s%09d".formatted(prefix, number);
    }

    private static Event.Outcome outcome(long number, long id, Instant at) {
        return switch ((int) (number % 20)) {
            case 7 -> new Event.OrchestrationFailed(id, at, new Failure("Generated", "meant to fail", null, false));
            case 13 ->
                number % 40 == 13
                        ? new Event.OrchestrationCancelled(id, at, "meant to be cancelled")
                        : new Event.OrchestrationTerminated(id, at, "meant to be terminated");
            default -> new Event.OrchestrationCompleted(id, at, "\"done\"");
        };
    }

    /** Writes generated instances. Memory need not know them: they have ended. */
    private static final class Insert extends Op<@Nullable Void> {
        private final List<Generated> page;

        Insert(List<Generated> page) {
            this.page = page;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            InstanceTable instances = batch.tables().instance();
            List<Long> keys = new ArrayList<>();
            for (Generated its : page) {
                keys.add(batch.nextInstance());
                instances.addWhole(its.row().withKey(keys.getLast()));
            }
            long[] inserted = instances.insertWhole.flush();
            for (int i = 0; i < inserted.length; i++) {
                if (inserted[i] > 0) {
                    Generated its = page.get(i);
                    batch.created(its.row().status());
                    batch.insertAttributes(keys.get(i), its.row().createdAt(), its.attributes());
                    batch.tables().history().insert.add(Keys.of(keys.get(i), 1), (long) its.events(), its.history());
                }
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }
}
