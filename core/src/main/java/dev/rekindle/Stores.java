package dev.rekindle;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import dev.rekindle.provider.StoreFacts;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The stores that can be opened by URL: those of every provider on the class or module path. Thread-safe. */
public final class Stores {
    private Stores() {}

    /**
     * Opens the store that a URL names, creating it where that makes sense.
     *
     * @throws RekindleException {@link ErrorCode#UNKNOWN_STORE} when no installed provider knows the URL, or what the
     *     provider says of the store
     */
    public static Provider open(String url) {
        return factory(url).open(url);
    }

    /**
     * Looks at what stands where a URL points, without making, migrating or changing anything.
     *
     * @return empty when this kind of store can't tell
     * @throws RekindleException as {@link #open} does
     */
    public static Optional<StoreFacts> look(String url) {
        return factory(url).look(url);
    }

    private static ProviderFactory factory(String url) {
        List<ProviderFactory> installed = ServiceLoader.load(ProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        for (ProviderFactory factory : installed) {
            if (factory.accepts(url)) {
                return factory;
            }
        }
        throw new RekindleException(
                ErrorCode.UNKNOWN_STORE,
                installed.isEmpty()
                        ? "no provider is installed: '%s'; expected at least one, found none. Add one, for example rekindle-sqlite."
                                .formatted(shown(url))
                        : "no provider for this store URL: '%s'; expected %s. Correct the URL or install its provider."
                                .formatted(
                                        shown(url),
                                        installed.stream()
                                                .map(ProviderFactory::urlForms)
                                                .collect(Collectors.joining(", "))));
    }

    /** Nobody knows where in a URL that nobody understands its password stands. */
    private static String shown(String url) {
        boolean mayLogIn = url.contains("@") || url.contains("pass");
        return mayLogIn ? url.substring(0, url.indexOf(':') + 1) + "…" : url;
    }
}
