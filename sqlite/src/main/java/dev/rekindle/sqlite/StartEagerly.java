package dev.rekindle.sqlite;

import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates an instance that has taken its first turn. Only the owner of the file can: it has the leases. */
final class StartEagerly extends Op<Optional<EagerStart.Receipt>> {
    private final EagerStart eager;
    private final String events;
    private final Scheduling scheduling;
    private Batch.@Nullable StartSlot slot;

    StartEagerly(EagerStart eager) {
        this.eager = eager;
        this.events = JsonText.ofEvents(eager.events());
        this.scheduling =
                new Scheduling(eager.scheduled().activities(), eager.scheduled().timers());
    }

    @Override
    boolean admit(Batch batch) {
        ProviderErrors.checkOrder(eager.start().instance(), 0, eager.events());
        slot = batch.board().isOwner() ? batch.startEagerly(eager.start(), eager.version()) : null;
        return true;
    }

    @Override
    void write(Batch batch) throws SQLException {
        Batch.StartSlot its = slot;
        if (its == null) {
            return;
        }
        if (!its.created) {
            throw ProviderErrors.exists(eager.start().instance());
        }
        batch.tables()
                .history()
                .insert
                .add(Keys.of(its.key, 1), (long) eager.events().size(), events);
        scheduling.write(batch, its.key, 0);
    }

    @Override
    Optional<EagerStart.Receipt> committed(Batch batch) {
        if (slot == null) {
            return Optional.empty();
        }
        Board board = batch.board();
        Instance instance = board.instances.created(slot, batch.now());
        instance.lastEventId = eager.events().size();
        return Optional.of(new EagerStart.Receipt(
                eager.keepLease() ? lease(board, instance) : null,
                scheduling.committed(board, instance, eager.node())));
    }

    private InstanceLease lease(Board board, Instance instance) {
        board.mail.leaseUnasked(instance, eager.node(), board.tokens);
        return new InstanceLease(instance.id, instance.runId, instance.lease);
    }
}
