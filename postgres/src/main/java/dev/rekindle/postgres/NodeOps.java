package dev.rekindle.postgres;

import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.WorkAbandonment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on all that a node holds. */
final class NodeOps {
    private NodeOps() {}

    /** Gives back everything that was fetched for a node, and lets others in at once. */
    static List<Op<?>> release(Leases leases, NodeId node) {
        List<Op<?>> all = new ArrayList<>();
        for (HeldInstance held : leases.instancesOf(node)) {
            all.add(new InstanceOps.Abandon(held.token, Abandonment.QUIET));
        }
        for (HeldWork held : leases.workOf(node)) {
            all.add(new WorkOps.GiveBack(held.lease(), WorkAbandonment.handBack(null)));
        }
        return all;
    }

    /** Writes nothing: the fence of its batch says that the node is alive. */
    static final class Beat extends Op<@Nullable Void> {
        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {}

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }
}
