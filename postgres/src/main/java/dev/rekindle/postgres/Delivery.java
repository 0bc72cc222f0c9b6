package dev.rekindle.postgres;

import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One message on its way to an instance, or a start on its way to become one. Part of an operation. */
final class Delivery {
    private final WorkItem.OrchestratorWork work;
    private final String body;
    private final Duration delay;
    private boolean lease;
    private boolean tried;
    private int number;

    /** Prepares a message, on the thread of whoever sends it. */
    Delivery(WorkItem.OrchestratorWork work, Duration delay) {
        this.work = work;
        this.body = JsonText.ofWork(work);
        this.delay = delay;
    }

    WorkItem.OrchestratorWork work() {
        return work;
    }

    /** How many characters it takes, about. */
    int weight() {
        return body.length();
    }

    /** A start is taken at once when somebody here waits for one. */
    void admit(Batch batch) {
        lease = work instanceof WorkItem.StartOrchestration && delay.isZero() && batch.reserve();
    }

    /** Writes a message that a client sent: what can't be delivered is the client's to know. */
    void write(Batch batch) {
        if (work instanceof WorkItem.StartOrchestration start) {
            tried = batch.start(start, delay, lease, body);
        } else {
            number = batch.send(work, delay, body);
        }
    }

    /** Writes a message that a turn sent: nothing that was sent vanishes without a trace. */
    void writeForTurn(Batch batch) {
        if (!(work instanceof WorkItem.StartOrchestration start)) {
            batch.send(work, body, null);
            return;
        }
        tried = batch.start(start, delay, lease, body);
        ParentLink parent = start.parent();
        WorkItem.OrchestratorWork otherwise =
                parent == null ? start : ProviderErrors.childExists(start.instance(), parent);
        batch.send(otherwise, parent == null ? body : JsonText.ofWork(otherwise), tried ? start.instance() : null);
    }

    /** All of it is durable: hands out an instance that was taken at once. Returns whether the start happened. */
    boolean committed(Batch batch) {
        if (!(work instanceof WorkItem.StartOrchestration start)) {
            return true;
        }
        Batch.Started started = tried ? batch.started(start.instance()) : null;
        if (started != null && lease) {
            batch.leases().makeReady(held(batch, start, started));
        }
        return started != null;
    }

    /** What became of a message. */
    Batch.@Nullable Fate fate(Batch batch) {
        return number == 0 ? null : batch.fate(number);
    }

    private static HeldInstance held(Batch batch, WorkItem.StartOrchestration start, Batch.Started started) {
        long token = batch.leases().newToken();
        HeldInstance held = new HeldInstance(
                token,
                started.key(),
                new InstanceLease(start.instance(), start.runId(), token),
                new OrchestrationItem.Definition(start.orchestration(), start.version(), start.parent()),
                started.createdAt());
        held.receive(new OrchestrationItem.Message(MessageTable.OPENING, start));
        return held;
    }
}
