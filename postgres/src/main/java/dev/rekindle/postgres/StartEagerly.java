package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;

/** Creates an instance that has taken its first turn. */
final class StartEagerly extends Op<EagerStart.Receipt> {
    private final EagerStart eager;
    private final String events;
    private final Scheduling scheduling;
    private boolean tried;

    StartEagerly(EagerStart eager) {
        this.eager = eager;
        this.events = JsonText.ofEvents(eager.events());
        this.scheduling = new Scheduling(eager.scheduled());
    }

    @Override
    boolean admit(Batch batch) {
        ProviderErrors.checkOrder(eager.start().instance(), 0, eager.events());
        return true;
    }

    @Override
    int weight() {
        return events.length() + scheduling.weight();
    }

    @Override
    void write(Batch batch) {
        tried = batch.startEagerly(eager, events, scheduling);
    }

    @Override
    EagerStart.Receipt committed(Batch batch) {
        WorkItem.StartOrchestration start = eager.start();
        Batch.Started started = tried ? batch.started(start.instance()) : null;
        if (started == null) {
            throw ProviderErrors.exists(start.instance());
        }
        Leases leases = batch.leases();
        NodeId node = eager.node();
        InstanceLease lease = eager.keepLease() ? lease(leases, started) : null;
        return new EagerStart.Receipt(lease, scheduling.lease(leases, started.key(), 0, node));
    }

    private InstanceLease lease(Leases leases, Batch.Started started) {
        WorkItem.StartOrchestration start = eager.start();
        InstanceLease lease = new InstanceLease(start.instance(), start.runId(), leases.newToken());
        HeldInstance held = new HeldInstance(
                lease.token(),
                started.key(),
                lease,
                new OrchestrationItem.Definition(start.orchestration(), eager.version(), start.parent()),
                started.createdAt());
        held.status = Status.RUNNING;
        held.lastEventId = eager.events().size();
        held.node = eager.node();
        leases.add(held);
        return lease;
    }
}
