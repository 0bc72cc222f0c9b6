package dev.rekindle.postgres;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import dev.rekindle.provider.StoreFacts;
import java.util.Optional;

/** Opens PostgreSQL stores by their URLs. */
public final class PostgresProviderFactory implements ProviderFactory {
    /** Called by the service loader. */
    public PostgresProviderFactory() {}

    @Override
    public boolean accepts(String url) {
        return PostgresUrl.accepts(url);
    }

    @Override
    public String urlForms() {
        return PostgresUrl.FORMS;
    }

    @Override
    public Provider open(String url) {
        return PostgresProvider.open(url);
    }

    @Override
    public Optional<StoreFacts> look(String url) {
        return Optional.of(Database.look(PostgresUrl.parse(url)));
    }
}
