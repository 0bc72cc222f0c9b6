package dev.rekindle.testkit;

import dev.rekindle.provider.WorkItem;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a test has handed to its store, for the {@link Oracle} to find again. Thread-safe. */
final class Ledger {
    /** A message for a channel, whatever run it named. */
    record Letter(String instance, String channel, String payload) {
        static Letter of(WorkItem.RaiseEvent event) {
            return new Letter(event.instance(), event.channel(), event.payload());
        }
    }

    /** An activity by its command. */
    record Command(String instance, long executionId, long scheduledId) {
        static Command of(WorkItem.ActivityExecute work) {
            return new Command(work.instance(), work.executionId(), work.scheduledId());
        }
    }

    private final Map<Letter, LongAdder> attempted = new ConcurrentHashMap<>();
    private final Map<Letter, LongAdder> accepted = new ConcurrentHashMap<>();
    private final Set<Command> loose = ConcurrentHashMap.newKeySet();
    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
    private final boolean stranger;
    private volatile boolean untold;

    /** Of a test that writes down what it does. */
    Ledger() {
        this(false);
    }

    private Ledger(boolean stranger) {
        this.stranger = stranger;
    }

    /** Of a store that anybody may have changed: it tells of nothing. */
    static Ledger ofAStranger() {
        return new Ledger(true);
    }

    /** A message was handed over; what came of it is not known yet. */
    void attempted(WorkItem.OrchestratorWork work) {
        count(attempted, work);
    }

    /** The provider has said that it has the message. */
    void accepted(WorkItem.OrchestratorWork work) {
        count(accepted, work);
    }

    private static void count(Map<Letter, LongAdder> where, WorkItem.OrchestratorWork work) {
        if (work instanceof WorkItem.RaiseEvent event) {
            where.computeIfAbsent(Letter.of(event), letter -> new LongAdder()).increment();
        }
    }

    /** An activity was queued outside of any turn, so that no event speaks of it. */
    void loose(WorkItem.ActivityExecute work) {
        loose.add(Command.of(work));
    }

    boolean isLoose(WorkItem.ActivityExecute work) {
        return loose.contains(Command.of(work));
    }

    /** A turn consumed messages without telling its history: the history no longer accounts for all of them. */
    void untold() {
        untold = true;
    }

    /** An operator removed all or a part of an instance: what was sent to it may be gone, and so may old histories. */
    void forget(String instance) {
        forgotten.add(instance);
    }

    boolean isForgotten(String instance) {
        return stranger || forgotten.contains(instance);
    }

    boolean isComplete() {
        return !untold;
    }

    Map<Letter, LongAdder> accepted() {
        return accepted;
    }

    long attempts(Letter letter) {
        LongAdder count = attempted.get(letter);
        return count == null ? 0 : count.sum();
    }
}
