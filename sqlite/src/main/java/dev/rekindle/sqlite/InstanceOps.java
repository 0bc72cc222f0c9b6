package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on instances that are not turns. */
final class InstanceOps {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceOps.class);
    private static final long UNREADABLE_MILLIS = 60_000;

    private InstanceOps() {}

    /** Gives a lease back without a turn. */
    static final class Abandon extends Op<@Nullable Void> {
        private final InstanceLease lease;
        private final Abandonment why;
        private @Nullable Instance instance;
        private List<Letter> putBack = List.of();

        Abandon(InstanceLease lease, Abandonment why) {
            this.lease = lease;
            this.why = why;
        }

        @Override
        boolean inMemory() {
            return why.problem() == null && !why.stuck();
        }

        @Override
        boolean admit(Batch batch) {
            instance = batch.board().mail.leased(lease.token());
            if (instance == null) {
                return true;
            }
            putBack = inMemory()
                    ? List.of()
                    : instance.inbox().values().stream()
                            .filter(letter -> letter.handed && letter.marked)
                            .filter(letter -> letter.counted || !letter.isTimer())
                            .toList();
            return batch.own(instance, false);
        }

        @Override
        void write(Batch batch) throws SQLException {
            if (instance == null) {
                return;
            }
            if (status(instance) != instance.status || !Objects.equals(problem(instance), instance.problem)) {
                batch.tables().instance().problem.add(status(instance).label(), problem(instance), instance.key);
                batch.moved(instance.status, status(instance));
            }
            for (Letter letter : putBack) {
                if (letter.isTimer()) {
                    batch.tables().timer().putBack.add((long) letter.nodeDeaths, -letter.id);
                } else {
                    batch.tables().message().putBack.add((long) letter.nodeDeaths, letter.id);
                }
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            if (instance != null) {
                instance.status = status(instance);
                instance.problem = problem(instance);
                for (Letter letter : putBack) {
                    letter.marked = false;
                    letter.counted = false;
                }
                Long visibleAt = batch.visibleAt(why.delay());
                batch.board().mail.release(instance, visibleAt == null ? Long.MIN_VALUE : visibleAt);
            }
            return null;
        }

        private Status status(Instance its) {
            return why.stuck() && its.status != Status.SUSPENDED ? Status.STUCK : its.status;
        }

        private @Nullable String problem(Instance its) {
            return why.problem() == null || its.status == Status.SUSPENDED ? its.problem : why.problem();
        }
    }

    /** Appends events to the history of an instance that nobody runs. */
    static final class Append extends Op<@Nullable Void> {
        private final String id;
        private final long executionId;
        private final List<Event> events;
        private final String body;
        private @Nullable Instance instance;

        Append(String id, long executionId, List<Event> events) {
            this.id = id;
            this.executionId = executionId;
            this.events = List.copyOf(events);
            this.body = JsonText.ofEvents(this.events);
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            Instance found = batch.find(id);
            if (found == null) {
                throw ProviderErrors.notFound(id);
            }
            if (found.lease != 0) {
                throw ProviderErrors.leaseLost(id, "a node is running it");
            }
            if (executionId != found.execution) {
                throw ProviderErrors.notLatestExecution(id, executionId, found.execution);
            }
            ProviderErrors.checkOrder(id, found.lastEventId, events);
            Keys.of(found.key, found.base + found.lastEventId + events.size());
            instance = found;
            return batch.own(found, true);
        }

        @Override
        void write(Batch batch) throws SQLException {
            Instance its = Objects.requireNonNull(instance, "not admitted");
            if (!events.isEmpty()) {
                batch.tables()
                        .history()
                        .insert
                        .add(Keys.of(its.key, its.base + its.lastEventId + 1), (long) events.size(), body);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            Objects.requireNonNull(instance, "not admitted").lastEventId += events.size();
            return null;
        }
    }

    /**
     * Completes what is known of leased instances, writes down that their messages are in the present owner's hands, and
     * hands them out. Instances that don't exist or have ended are left out, and their messages removed; those whose rows this
     * version can't read are left out for a while.
     */
    static final class HandOut extends Op<List<OrchestrationItem>> {
        private final Map<Instance, Long> picked;
        private final Map<Instance, List<Letter>> given = new LinkedHashMap<>();
        private final Map<Instance, RekindleException> unreadable = new HashMap<>();
        private final Map<Letter, WorkItem.OrchestratorWork> texts = new HashMap<>();

        /** {@code picked} are the instances with the leases that they were picked with. */
        HandOut(Map<Instance, Long> picked) {
            this.picked = picked;
        }

        private boolean isStillOurs(Instance instance) {
            return instance.lease == picked.getOrDefault(instance, 0L);
        }

        /** Whether these can be handed out without asking the file. */
        static boolean atHand(List<Instance> picked) {
            for (Instance instance : picked) {
                if (!instance.loaded) {
                    return false;
                }
                if (!handed(instance).stream().allMatch(letter -> letter.marked && !letter.lacksText())) {
                    return false;
                }
            }
            return true;
        }

        private static List<Letter> handed(Instance instance) {
            return instance.inbox().values().stream()
                    .filter(letter -> letter.handed)
                    .toList();
        }

        static List<OrchestrationItem> items(List<Instance> picked) {
            return picked.stream()
                    .map(instance -> item(instance, handed(instance)))
                    .toList();
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            given.clear();
            texts.clear();
            unreadable.clear();
            for (Instance instance : picked.keySet()) {
                try {
                    complete(batch, instance);
                } catch (RekindleException e) {
                    unreadable.put(instance, e);
                }
            }
            return true;
        }

        private void complete(Batch batch, Instance instance) throws SQLException {
            boolean there = isStillOurs(instance) && (instance.loaded || batch.load(instance));
            if (!there) {
                return;
            }
            batch.board().instances.loaded(instance);
            if (instance.status.isTerminal()) {
                return;
            }
            List<Letter> letters = handed(instance);
            for (Letter letter : letters) {
                if (letter.lacksText()) {
                    texts.put(letter, MessageTable.text(batch.tables().session(), letter.id));
                }
            }
            given.put(instance, letters);
        }

        @Override
        void write(Batch batch) throws SQLException {
            for (List<Letter> letters : given.values()) {
                for (Letter letter : letters) {
                    if (!letter.marked) {
                        mark(batch.tables(), letter, 1);
                    }
                }
            }
        }

        @Override
        List<OrchestrationItem> committed(Batch batch) {
            List<OrchestrationItem> items = new ArrayList<>();
            for (Instance instance : picked.keySet()) {
                List<Letter> letters = given.get(instance);
                if (!isStillOurs(instance)) {
                    continue;
                }
                RekindleException problem = unreadable.get(instance);
                if (problem != null) {
                    LOG.error("Left out for a minute: the instance with key {}", instance.key, problem);
                    batch.board().mail.release(instance, batch.now() + UNREADABLE_MILLIS);
                    continue;
                }
                if (letters == null) {
                    batch.board().mail.finish(instance, Set.of());
                    continue;
                }
                for (Letter letter : letters) {
                    if (letter.lacksText()) {
                        letter.unshelve(texts.get(letter));
                    }
                    letter.counted |= !letter.marked;
                    letter.marked = true;
                }
                if (instance.canGoOn()) {
                    items.add(item(instance, letters));
                } else {
                    batch.board().mail.release(instance, Long.MIN_VALUE);
                }
            }
            return items;
        }

        private static OrchestrationItem item(Instance instance, Collection<Letter> letters) {
            List<OrchestrationItem.Message> messages = new ArrayList<>();
            int nodeDeaths = 0;
            for (Letter letter : letters) {
                WorkItem.OrchestratorWork work = letter.work;
                if (work == null) {
                    work = new WorkItem.TimerFired(
                            instance.id, instance.runId, instance.execution, Keys.position(-letter.id) - instance.base);
                    letter.work = work;
                }
                messages.add(new OrchestrationItem.Message(letter.id, work));
                nodeDeaths = Math.max(nodeDeaths, letter.nodeDeaths);
            }
            return new OrchestrationItem(
                    new InstanceLease(instance.id, instance.runId, instance.lease),
                    instance.definition(),
                    instance.execution,
                    instance.lastEventId,
                    nodeDeaths,
                    messages);
        }
    }

    static void mark(Tables tables, Letter letter, long difference) throws SQLException {
        if (letter.isTimer()) {
            tables.timer().deaths.add(difference, -letter.id);
        } else {
            tables.message().deaths.add(difference, letter.id);
        }
    }
}
