package dev.rekindle.runtime;

import dev.rekindle.provider.InstanceLease;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Gives the leases of instances back that have been quiet for long enough. One alarm per hot instance at the most, which
 * sets itself again as long as turns follow each other.
 */
final class LeaseWatch {
    private final Alarms alarms;
    private final LongSupplier ticker;
    private final StorePatience patience;
    private final Pace pace;
    private final BiConsumer<Resident, InstanceLease> giveBack;

    LeaseWatch(RuntimeParts parts, Pace pace, BiConsumer<Resident, InstanceLease> giveBack) {
        this.alarms = parts.alarms();
        this.ticker = parts.ticker();
        this.patience = parts.patience();
        this.pace = pace;
        this.giveBack = giveBack;
    }

    /** Watches from now on. When the node closes there is nothing to wait for, and nothing that would ring. */
    void watch(Resident resident) {
        if (patience.isClosing()) {
            look(resident, 0);
        } else {
            lookAgain(resident, pace.quietNanos());
        }
    }

    private void lookAgain(Resident resident, long nanos) {
        alarms.after(nanos, () -> look(resident, pace.quietNanos()));
    }

    private void look(Resident resident, long quietNanos) {
        switch (resident.coolDown(ticker.getAsLong(), quietNanos)) {
            case Resident.Watch.Again again -> lookAgain(resident, again.nanos());
            case Resident.Watch.GiveBack giving ->
                Thread.ofVirtual().name("rekindle-give-back").start(() -> giveBack.accept(resident, giving.lease()));
            case Resident.Watch.Over over -> {}
        }
    }
}
