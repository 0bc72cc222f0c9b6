package dev.rekindle.console.client;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;

/**
 * Opens {@code http://[TOKEN@]HOST:PORT} and {@code https://…}: the store behind a console. The token may stand in the
 * environment variable {@code REKINDLE_TOKEN} instead.
 */
public final class RemoteProviderFactory implements ProviderFactory {
    /** For {@link java.util.ServiceLoader}. */
    public RemoteProviderFactory() {}

    @Override
    public boolean accepts(String url) {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    @Override
    public String urlForms() {
        return "http://[TOKEN@]HOST:PORT";
    }

    @Override
    public Provider open(String url) {
        return RemoteProvider.open(url, System.getenv("REKINDLE_TOKEN"));
    }
}
