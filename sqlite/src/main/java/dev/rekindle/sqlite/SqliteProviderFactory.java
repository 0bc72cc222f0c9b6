package dev.rekindle.sqlite;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import dev.rekindle.provider.StoreFacts;
import java.util.Optional;

/** Opens {@code sqlite:} URLs. Stateless and thread-safe. */
public final class SqliteProviderFactory implements ProviderFactory {
    /** For {@link java.util.ServiceLoader}. */
    public SqliteProviderFactory() {}

    @Override
    public boolean accepts(String url) {
        return url.startsWith(SqliteUrl.SCHEME);
    }

    @Override
    public String urlForms() {
        return SqliteUrl.FORMS;
    }

    @Override
    public Provider open(String url) {
        return SqliteProvider.open(url);
    }

    @Override
    public Optional<StoreFacts> look(String url) {
        return Optional.of(StoreLook.at(SqliteUrl.parse(url)));
    }
}
