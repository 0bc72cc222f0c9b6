package dev.rekindle.sqlite;

import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Starts an instance, or sends a message to one. */
final class SendMessage extends Op<@Nullable Void> {
    private final Delivery delivery;
    private boolean accepted;

    SendMessage(WorkItem.OrchestratorWork work, Duration delay) {
        this.delivery = new Delivery(work, delay);
    }

    @Override
    boolean admit(Batch batch) throws SQLException {
        accepted = false;
        return delivery.admit(batch);
    }

    @Override
    void write(Batch batch) throws SQLException {
        String instance = delivery.work().instance();
        switch (delivery.fate(batch)) {
            case ACCEPTED -> {
                delivery.accept(batch);
                accepted = true;
            }
            case EXISTS -> throw ProviderErrors.exists(instance);
            case NOT_FOUND -> throw ProviderErrors.notFound(instance);
            case ENDED -> throw ProviderErrors.ended(instance, delivery.targetStatus());
            case STALE -> accepted = false;
        }
    }

    @Override
    @Nullable
    Void committed(Batch batch) {
        if (accepted) {
            delivery.committed(batch);
        }
        return null;
    }
}
