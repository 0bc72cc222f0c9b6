package dev.rekindle.management;

import org.jspecify.annotations.Nullable;

/**
 * A new instance that goes on from where another one was. Immutable.
 *
 * @param source the instance to fork, which stays as it is
 * @param executionId which of its executions; 0 for its latest
 * @param throughEvent the last event of it that is taken over; 0 takes over nothing but the input
 * @param instance the id of the new instance
 * @param input the new instance's input as JSON; null for that of the source
 * @param version the version of the orchestration that runs it; null for that of the source, empty for the latest
 */
public record ForkRequest(
        String source,
        long executionId,
        long throughEvent,
        String instance,
        @Nullable String input,
        @Nullable String version) {
    /** A fork of the latest execution with the same input and version. */
    public static ForkRequest of(String source, long throughEvent, String instance) {
        return new ForkRequest(source, 0, throughEvent, instance, null, null);
    }

    /** With this input. */
    public ForkRequest withInput(@Nullable String json) {
        return new ForkRequest(source, executionId, throughEvent, instance, json, version);
    }

    /** On this version. */
    public ForkRequest withVersion(@Nullable String wanted) {
        return new ForkRequest(source, executionId, throughEvent, instance, input, wanted);
    }

    /** Of this execution. */
    public ForkRequest withExecution(long wanted) {
        return new ForkRequest(source, wanted, throughEvent, instance, input, version);
    }
}
