package dev.rekindle.memory;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;

/** Opens {@code memory:}, a new and empty store each time. */
public final class InMemoryProviderFactory implements ProviderFactory {
    /** For {@link java.util.ServiceLoader}. */
    public InMemoryProviderFactory() {}

    @Override
    public boolean accepts(String url) {
        return url.equals("memory:");
    }

    @Override
    public String urlForms() {
        return "memory:";
    }

    @Override
    public Provider open(String url) {
        return new InMemoryProvider();
    }
}
