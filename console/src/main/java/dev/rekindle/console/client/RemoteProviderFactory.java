package dev.rekindle.console.client;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;

/**
 * Opens {@code http[s]://[TOKEN@]HOST[:PORT][/PATH]}: the store behind a console. The token may stand in the environment
 * variable {@code REKINDLE_TOKEN} instead.
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
        return "http[s]://[TOKEN@]HOST[:PORT][/PATH]";
    }

    @Override
    public Provider open(String url) {
        return RemoteProvider.open(url, System.getenv("REKINDLE_TOKEN"));
    }
}
