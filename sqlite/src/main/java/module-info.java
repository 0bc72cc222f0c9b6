import dev.rekindle.provider.ProviderFactory;
import dev.rekindle.sqlite.SqliteProviderFactory;

/** The provider that keeps everything in one SQLite file. */
module dev.rekindle.sqlite {
    requires dev.rekindle.jdbc;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.databind;
    requires transitive dev.rekindle;
    requires static transitive org.jspecify;

    exports dev.rekindle.sqlite;

    opens dev.rekindle.sqlite to
            tools.jackson.databind;

    provides ProviderFactory with
            SqliteProviderFactory;
}
