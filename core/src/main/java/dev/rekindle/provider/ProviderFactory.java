package dev.rekindle.provider;

import dev.rekindle.RekindleException;
import java.util.Optional;

/**
 * Opens the providers of one kind of store. Found with {@link java.util.ServiceLoader}: a provider's module declares
 * {@code provides ProviderFactory with …}, and for the class path its jar names the class in {@code
 * META-INF/services/dev.rekindle.provider.ProviderFactory}. Has a public constructor without parameters. Stateless and
 * thread-safe.
 */
public interface ProviderFactory {
    /** Whether the URL is meant for this kind of store. Looks at its scheme only. */
    boolean accepts(String url);

    /** The forms of URL that this understands, for people, for example {@code sqlite:FILE}. */
    String urlForms();

    /**
     * Opens a store, creating or migrating it where needed.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, {@code STORE_FOREIGN}, {@code STORE_NEWER} or {@code
     *     STORE_UNAVAILABLE}; nothing is changed then
     */
    Provider open(String url);

    /**
     * Looks at what is there, without making, migrating or changing anything.
     *
     * @return empty when this kind of store can't tell
     * @throws RekindleException as {@link #open} does
     */
    default Optional<StoreFacts> look(String url) {
        return Optional.empty();
    }
}
