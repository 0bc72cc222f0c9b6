package dev.rekindle.sqlite;

/** The provider in memory: everything runs on the writer's one connection. */
class SqliteMemoryTest extends SqliteContract {
    @Override
    String url() {
        return "sqlite::memory:";
    }
}
