package dev.rekindle.management;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that nobody could take. Immutable.
 *
 * @param key what the store calls it
 * @param instance the instance that it was for
 * @param runId the run that it was for; null when it was for whichever there was
 * @param reason why nobody could take it, for people
 * @param at when that was found
 * @param message the message itself, as JSON
 */
public record DeadLetterInfo(
        long key, String instance, @Nullable String runId, String reason, Instant at, String message) {}
