package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node does with a provider, in the words of tests: without a runtime, one call at a time. Thread-safe as its
 * provider is.
 */
public final class TestNode {
    /** Long enough to be sure that something comes, and never waited for when it does. */
    public static final Duration LONG = Duration.ofSeconds(20);

    private final Provider provider;
    private final NodeId id;
    private final Ledger ledger;

    /** A node of this name on this provider. */
    public TestNode(Provider provider, String id) {
        this(provider, id, new Ledger());
    }

    TestNode(Provider provider, String id, Ledger ledger) {
        this.provider = provider;
        this.id = new NodeId(id);
        this.ledger = ledger;
    }

    /** The provider that it uses. */
    public Provider provider() {
        return provider;
    }

    /** Its name, to which its leases belong. */
    public NodeId id() {
        return id;
    }

    // ---- messages

    /** Starts an instance of {@code Orders}, without a parent. */
    public void start(String instance) {
        send(starting(instance, null));
    }

    /** The message that starts an instance of {@code Orders}, in the run {@code run-<instance>}. */
    public static WorkItem.StartOrchestration starting(String instance, @Nullable ParentLink parent) {
        return new WorkItem.StartOrchestration(instance, "run-" + instance, "Orders", "", "{}", parent);
    }

    /** Sends a message to the channel {@code channel} of an instance. */
    public void raise(String instance, String payload) {
        send(raised(instance, payload));
    }

    /** A message for the channel {@code channel} of an instance. */
    public static WorkItem.RaiseEvent raised(String instance, String payload) {
        return new WorkItem.RaiseEvent(instance, null, "channel", payload);
    }

    /** Sends a message. */
    public void send(WorkItem.OrchestratorWork work) {
        send(work, Duration.ZERO);
    }

    /** Sends a message that is visible after a delay. */
    public void send(WorkItem.OrchestratorWork work, Duration delay) {
        ledger.attempted(work);
        provider.enqueueOrchestratorWork(work, delay);
        ledger.accepted(work);
    }

    // ---- instances

    /** Leases instances, waiting for the first. */
    public List<OrchestrationItem> fetch(int max, Duration wait) {
        try {
            return provider.fetchOrchestrationItem(new FetchRequest(id, max, wait));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Leases the instances that are ready now. */
    public List<OrchestrationItem> fetch() {
        return fetch(1_000, Duration.ZERO);
    }

    /** Leases the one instance that is ready, or will be. */
    public OrchestrationItem fetchOne() {
        List<OrchestrationItem> items = fetch(1, LONG);
        assertThat(items).as("an instance that is ready").hasSize(1);
        return items.getFirst();
    }

    /** Starts an instance and takes its first turn, which schedules nothing; the lease is kept. */
    public TestTurn begin(String instance) {
        start(instance);
        OrchestrationItem item = fetchOne();
        assertThat(item.lease().instance()).isEqualTo(instance);
        return TestTurn.of(this, item).keep().commitAndGoOn();
    }

    /** The first turn of an instance that does not exist yet, to be {@linkplain TestTurn#startEagerly started with it}. */
    public TestTurn beginning(WorkItem.StartOrchestration start) {
        return TestTurn.of(
                this,
                new OrchestrationItem(
                        new InstanceLease(start.instance(), start.runId(), 0),
                        new OrchestrationItem.Definition(start.orchestration(), start.version(), start.parent()),
                        1,
                        0,
                        0,
                        List.of(new OrchestrationItem.Message(0, start))));
    }

    /** Starts an instance and takes its first turn; nobody has its lease then. */
    public void settle(String instance) {
        begin(instance).note("\"at rest\"").commit();
    }

    /** Gives a lease back at once. */
    public void abandon(OrchestrationItem item) {
        provider.abandonOrchestrationItem(item.lease(), Abandonment.QUIET);
    }

    TurnReceipt commit(TestTurn turn) {
        turn.sent().forEach(ledger::attempted);
        TurnReceipt receipt = provider.ackOrchestrationItem(turn.build());
        turn.sent().forEach(ledger::accepted);
        if (turn.isUntold()) {
            ledger.untold();
        }
        return receipt;
    }

    // ---- activities

    /** Leases activities, waiting for the first. */
    public List<LeasedWork> dequeue(int max, Duration wait) {
        try {
            return provider.dequeueWorkerPeekLock(new FetchRequest(id, max, wait));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Leases the activities that are ready now. */
    public List<LeasedWork> dequeue() {
        return dequeue(1_000, Duration.ZERO);
    }

    /** Leases the one activity that is ready, or will be. */
    public LeasedWork dequeueOne() {
        List<LeasedWork> work = dequeue(1, LONG);
        assertThat(work).as("an activity that is ready").hasSize(1);
        return work.getFirst();
    }

    /** Completes an activity. */
    public void complete(LeasedWork leased, String output) {
        provider.ackWorker(leased.lease(), completion(leased.work(), output));
    }

    /** The completion of an activity. */
    public static WorkItem.ActivityCompleted completion(WorkItem.ActivityExecute work, String output) {
        return new WorkItem.ActivityCompleted(
                work.instance(), work.runId(), work.executionId(), work.scheduledId(), output);
    }

    /** An activity {@code Ship} of the instance that was fetched. */
    public static WorkItem.ActivityExecute activity(OrchestrationItem item, long executionId, long scheduledId) {
        return new WorkItem.ActivityExecute(
                item.lease().instance(),
                item.lease().runId(),
                executionId,
                scheduledId,
                "Ship",
                "{}",
                ActivityOptions.DEFAULT,
                TestClock.START);
    }

    /** Queues an activity outside of any turn. */
    public void queue(WorkItem.ActivityExecute work) {
        ledger.loose(work);
        provider.enqueueWorkerWork(work);
    }

    // ---- what came

    /** Gives back all that it holds. */
    public void release() {
        provider.releaseNode(id);
    }

    /** What the messages of an item say, oldest first. */
    public static List<WorkItem.OrchestratorWork> works(OrchestrationItem item) {
        return item.messages().stream().map(OrchestrationItem.Message::work).toList();
    }

    /** The payloads of those messages of an item that are for a channel, oldest first. */
    public static List<String> payloads(OrchestrationItem item) {
        return works(item).stream()
                .filter(WorkItem.RaiseEvent.class::isInstance)
                .map(work -> ((WorkItem.RaiseEvent) work).payload())
                .toList();
    }
}
