package dev.rekindle.testkit;

import dev.rekindle.provider.StoreImage;

/** Judges a whole store as the contracts do after each of their tests. Stateless and thread-safe. */
public final class SoundStore {
    private SoundStore() {}

    /**
     * Checks what must hold in every store, whatever was done to it: no orphans, no gaps in a history, nothing completed
     * twice, nothing lost that a history waits for, queues and counts that agree with the instances.
     *
     * @param image what the store holds
     * @throws AssertionError with all that is wrong
     */
    public static void check(StoreImage image) {
        Oracle.judge(image, Ledger.ofAStranger());
    }
}
