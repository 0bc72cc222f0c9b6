import dev.rekindle.postgres.PostgresProviderFactory;
import dev.rekindle.provider.ProviderFactory;

/** The provider that keeps everything in a PostgreSQL database, for one node or many. */
module dev.rekindle.postgres {
    requires com.zaxxer.hikari;
    requires dev.rekindle.jdbc;
    requires transitive java.sql;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires transitive dev.rekindle;
    requires static transitive org.jspecify;

    exports dev.rekindle.postgres;

    provides ProviderFactory with
            PostgresProviderFactory;
}
