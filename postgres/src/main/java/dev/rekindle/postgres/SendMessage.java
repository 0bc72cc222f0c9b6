package dev.rekindle.postgres;

import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Starts an instance, or sends a message to one. */
final class SendMessage extends Op<@Nullable Void> {
    private final Delivery delivery;

    SendMessage(WorkItem.OrchestratorWork work, Duration delay) {
        this.delivery = new Delivery(work, delay);
    }

    @Override
    boolean admit(Batch batch) {
        delivery.admit(batch);
        return true;
    }

    @Override
    int weight() {
        return delivery.weight();
    }

    @Override
    void write(Batch batch) {
        delivery.write(batch);
    }

    @Override
    @Nullable
    Void committed(Batch batch) {
        String instance = delivery.work().instance();
        if (!delivery.committed(batch)) {
            throw ProviderErrors.exists(instance);
        }
        Batch.Fate fate = delivery.fate(batch);
        if (fate != null && !fate.found()) {
            throw ProviderErrors.notFound(instance);
        }
        if (fate != null && !fate.alive()) {
            throw ProviderErrors.ended(instance, fate.status());
        }
        return null;
    }
}
