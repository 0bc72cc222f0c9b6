package dev.rekindle;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instance that was started, and the type of what it gives. Thread-safe; keeps nothing open.
 *
 * @param <O> what the instance gives
 */
public final class InstanceHandle<O> {
    private final Provider provider;
    private final Codec codec;
    private final TypeRef<O> output;
    private final String instance;

    InstanceHandle(Provider provider, Codec codec, TypeRef<O> output, String instance) {
        this.provider = provider;
        this.codec = codec;
        this.output = output;
        this.instance = instance;
    }

    /** The instance's id. */
    public String instance() {
        return instance;
    }

    /**
     * The instance as it stands.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND} when it was deleted
     */
    public InstanceSnapshot snapshot() {
        return provider.findInstance(instance).orElseThrow(() -> ProviderErrors.notFound(instance));
    }

    /**
     * Waits for the instance to end and gives its result.
     *
     * @param timeout how long to wait at most
     * @return what the orchestration returned; null when that was null
     * @throws OrchestrationFailedException when it ended without a result
     * @throws AwaitTimeoutException when it has not ended in time; it goes on
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND} when it was deleted; {@link
     *     ErrorCode#PAYLOAD_MISMATCH} when its output is not of the declared type
     * @throws InterruptedException when the calling thread is interrupted
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of every declared type, as in JSON
    public O result(Duration timeout) throws InterruptedException {
        InstanceSnapshot end = provider.awaitInstance(instance, Durations.bounded(timeout))
                .orElseThrow(() -> ProviderErrors.notFound(instance));
        if (!end.status().isTerminal()) {
            throw new AwaitTimeoutException("no result yet: '%s'; expected it to end within %s, found it %s%s."
                    .formatted(instance, timeout, end.status().label(), because(end.problem())));
        }
        if (end.status() == Status.COMPLETED) {
            return (O) codec.decode(Objects.requireNonNull(end.output()), output.type());
        }
        throw new OrchestrationFailedException(
                instance,
                end.status(),
                Objects.requireNonNullElseGet(
                        end.failure(), () -> Failure.of(ErrorCode.ORCHESTRATION_FAILED, "", false)));
    }

    private static String because(@Nullable String problem) {
        return problem == null ? "" : " (" + problem + ")";
    }
}
