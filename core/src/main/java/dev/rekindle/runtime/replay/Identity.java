package dev.rekindle.runtime.replay;

import dev.rekindle.Limits;
import dev.rekindle.provider.ParentLink;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which execution this is, and the ids and seeds that follow from it.
 *
 * @param instance the instance's id
 * @param runId the instance's run id
 * @param executionId the execution, from 1
 * @param parent whom to tell how the instance ends
 */
public record Identity(
        String instance,
        String runId,
        long executionId,
        @Nullable ParentLink parent) {
    /** The instance id of the child that the command with this event id starts; different in every execution. */
    String childInstance(long scheduledId) {
        String suffix = ":" + executionId + "." + scheduledId;
        return instance.length() + suffix.length() <= Limits.MAX_INSTANCE_ID_CHARS ? instance + suffix : runId + suffix;
    }

    /** The run id of the instance that the command with this event id starts. */
    String startedRunId(long scheduledId) {
        return named("run:" + scheduledId).toString();
    }

    /** Random numbers that are the same in every replay of this execution. */
    Random random(String purpose) {
        UUID seed = named("random:" + purpose);
        return new Random(seed.getMostSignificantBits() ^ seed.getLeastSignificantBits());
    }

    private UUID named(String what) {
        return UUID.nameUUIDFromBytes((runId + ':' + executionId + ':' + what).getBytes(StandardCharsets.UTF_8));
    }
}
