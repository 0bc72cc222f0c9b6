package dev.rekindle.postgres;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An instance that this node has leased: while it has, nobody else writes what stands here. Guarded by the lock of the
 * leases; changed by the writer only, after what it says was committed.
 */
final class HeldInstance extends Held {
    final long key;
    final String id;
    final String runId;
    final Instant createdAt;
    OrchestrationItem.Definition definition;
    Status status;
    long execution;
    long base;
    long lastEventId;
    int deaths;

    @Nullable
    String problem;

    /** Whether it shows a custom status, which is not kept here. */
    boolean showsCustomStatus;

    /** Who asked for it; null while it waits for somebody to fetch it. */
    @Nullable
    NodeId node;

    private final List<OrchestrationItem.Message> messages = new ArrayList<>();
    private final Set<Long> open = new HashSet<>();

    HeldInstance(
            long token, long key, InstanceLease names, OrchestrationItem.Definition definition, Instant createdAt) {
        super(token);
        this.key = key;
        this.id = names.instance();
        this.runId = names.runId();
        this.definition = definition;
        this.createdAt = createdAt;
        this.status = Status.PENDING;
        this.execution = 1;
    }

    /** Takes a message in that is to be handed out; once if it comes again. */
    void receive(OrchestrationItem.Message message) {
        if (open.add(message.id())) {
            messages.add(message);
        }
    }

    boolean hasMessages() {
        return !messages.isEmpty();
    }

    /** What is handed out; its messages are not kept any longer. */
    OrchestrationItem handOut() {
        OrchestrationItem item = new OrchestrationItem(
                new InstanceLease(id, runId, token), definition, execution, lastEventId, deaths, messages);
        messages.clear();
        return item;
    }

    /** Whether it has a message that no turn has used up. */
    boolean isOpen(long message) {
        return open.contains(message);
    }

    void use(List<Long> used) {
        used.forEach(open::remove);
    }

    /** Where an event of the present execution stands among all of the instance. */
    long position(long eventId) {
        return base + eventId;
    }

    /** How it ended. Empty when its custom status has to be read for that. */
    Optional<InstanceSnapshot> ended(@Nullable String output, @Nullable Failure failure, Instant now) {
        return showsCustomStatus
                ? Optional.empty()
                : Optional.of(new InstanceSnapshot(
                        id,
                        runId,
                        definition.orchestration(),
                        definition.version(),
                        status,
                        execution,
                        output,
                        failure,
                        null,
                        problem,
                        createdAt,
                        now));
    }
}
