package dev.rekindle.provider;

import java.util.Optional;

/**
 * Starts an instance together with its first turn, which saves the commit of the start and everything between the two. A
 * runtime takes the turn before the instance exists, and starts it in the ordinary way where that does not work out; so a
 * provider without this capability, or one that wraps another and does not forward it, is slower and nothing else.
 */
public interface EagerStartCapability extends Capability {
    /**
     * Creates an instance that has taken its first turn.
     *
     * <p>Atomic: the instance, the events, activities and timers of its turn and its lease are there together, or nothing
     * is. Repeat: is refused, as the id is taken. After a crash: all of it is there or none, and in the former case
     * the leases of the dead node are free again.
     *
     * @return empty when this provider runs nothing at the moment, because it is a standby or was not asked for work yet;
     *     nothing has happened then
     * @throws dev.rekindle.RekindleException {@code INSTANCE_EXISTS} when the id is taken, which changes nothing; {@code
     *     INVALID_ARGUMENT} when the ids of the events don't begin with 1 or have gaps
     */
    Optional<EagerStart.Receipt> startEagerly(EagerStart start);
}
