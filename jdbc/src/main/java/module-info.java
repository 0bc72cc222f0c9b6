/** What the providers on JDBC share. Internal: only they see it, and nothing of it is promised. */
@SuppressWarnings("module") // They are compiled after it.
module dev.rekindle.jdbc {
    requires transitive java.sql;
    requires transitive dev.rekindle;
    requires static transitive org.jspecify;

    exports dev.rekindle.jdbc to
            dev.rekindle.sqlite,
            dev.rekindle.postgres;
}
