package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Stores;
import dev.rekindle.cli.ShownUrl;
import dev.rekindle.provider.StoreFacts;
import java.util.Optional;

/** Keeps a mistyped URL from making a new store, and a look from changing one that older versions still work on. */
final class Existence {
    private Existence() {}

    /**
     * Checks what is there.
     *
     * @param mayCreate whether a new store is welcome
     * @throws RekindleException {@code STORE_UNREADABLE} when the store is not there, or is to be migrated first
     */
    static void check(String url, boolean mayCreate) {
        Optional<StoreFacts> known = Stores.look(url);
        if (known.isEmpty()) {
            return;
        }
        StoreFacts facts = known.get();
        if (!facts.exists() && !mayCreate) {
            throw new RekindleException(
                    ErrorCode.STORE_UNREADABLE,
                    "no store there: '%s'; expected one that an application or 'rekindle migrate' has made, found nothing. Correct the URL, or make one."
                            .formatted(ShownUrl.of(url)));
        }
        if (facts.exists() && facts.schema() < facts.latestSchema()) {
            throw new RekindleException(
                    ErrorCode.STORE_UNREADABLE,
                    "store is older than this version: '%s'; expected schema %d, found %d. Run 'rekindle migrate' once no older version uses it."
                            .formatted(ShownUrl.of(url), facts.latestSchema(), facts.schema()));
        }
    }
}
