package dev.rekindle.testkit;

import dev.rekindle.provider.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One empty store for one test, and what may happen to it. This is all that the author of a provider supplies to
 * {@link ProviderContract}. Its methods are called from the thread of the test only.
 *
 * <p>The store's clock, which leases, timers and visibility go by, is the {@link TestClock} that it was made with.
 */
public interface TestStore extends AutoCloseable {
    /**
     * Opens another provider on the store, as another process would. The first call is always made; more than one are
     * made only with {@link Trait#SEVERAL_PROVIDERS}, or with {@link Trait#REOPENS} after the others were closed. The
     * contract closes every provider.
     */
    Provider open();

    /**
     * Moves the store's clock and makes calls that wait look again. Time passes for everybody: a provider that is open
     * must live through it, however long it is, without being taken for dead by another one; one that {@linkplain
     * #crash crashed} or was {@linkplain #silence silenced} must not.
     */
    void move(Duration by);

    /** What this store can't do, each with its reason in a few words for people. Empty by default. */
    default Map<Trait, String> lacks() {
        return Map.of();
    }

    /**
     * How much must pass on the store's clock until others take over what a node held that crashed or fell silent. Zero,
     * the default, when they can at once.
     */
    default Duration takeover() {
        return Duration.ZERO;
    }

    /**
     * Ends a provider as if its process had died: nothing is given back. The contract uses it no more. Needs {@link
     * Trait#CRASHES}.
     */
    default void crash(Provider provider) {
        throw new UnsupportedOperationException("crash");
    }

    /**
     * From now on the provider no longer tells that it is alive, as a process would that was stopped or hangs; its calls
     * still reach the store. Needs {@link Trait#FALLS_SILENT}.
     */
    default void silence(Provider provider) {
        throw new UnsupportedOperationException("silence");
    }

    /**
     * Changes every text of this kind that the store holds for an instance. No provider is open meanwhile. Needs {@link
     * Trait#DAMAGE}.
     */
    default void rewrite(StoredText text, String instance, UnaryOperator<String> change) {
        throw new UnsupportedOperationException("rewrite");
    }

    /**
     * The next commit of this provider happens in the store, but its connection dies before the answer comes. Needs
     * {@link Trait#LOST_ANSWERS}.
     */
    default void loseNextAnswer(Provider provider) {
        throw new UnsupportedOperationException("loseNextAnswer");
    }

    /**
     * Opens another provider, whose own machine's clock is off by this much (ahead if positive), while the store's is
     * right. Needs {@link Trait#SKEWED_CLOCKS}.
     */
    default Provider openSkewed(Duration off) {
        throw new UnsupportedOperationException("openSkewed");
    }

    /** Throws the store away. All its providers are closed by then. Does nothing by default. */
    @Override
    default void close() {}
}
