package dev.rekindle.sqlite;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.StoredText;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A SQLite store under test: a file, or a database in memory. */
final class SqliteStore implements TestStore {
    private final String url;
    private final TestClock clock;
    private final List<SqliteProvider> open = new ArrayList<>();
    private final Map<Trait, String> lacks = new EnumMap<>(Trait.class);

    private SqliteStore(String url, TestClock clock) {
        this.url = url;
        this.clock = clock;
        lacks.put(Trait.SEVERAL_RUNNERS, "one process owns the file; others are standbys");
        lacks.put(Trait.FALLS_SILENT, "a lock of the operating system tells who lives, not a heartbeat");
        lacks.put(Trait.LOST_ANSWERS, "there is no connection that could die between a commit and its answer");
        lacks.put(Trait.SKEWED_CLOCKS, "the store's clock is that of the process");
    }

    /** Nothing here can see what a loss of power does, so that no commit waits for the disk. */
    static SqliteStore file(Path file, TestClock clock) {
        return new SqliteStore("sqlite:" + file + "?synchronous=NORMAL", clock);
    }

    static SqliteStore memory(TestClock clock) {
        SqliteStore store = new SqliteStore("sqlite::memory:", clock);
        String alone = "the database lives in its provider and ends with it";
        store.lacks.put(Trait.REOPENS, alone);
        store.lacks.put(Trait.SEVERAL_PROVIDERS, alone);
        store.lacks.put(Trait.CRASHES, alone);
        store.lacks.put(Trait.DAMAGE, alone);
        return store;
    }

    @Override
    public Map<Trait, String> lacks() {
        return lacks;
    }

    @Override
    public Provider open() {
        SqliteProvider provider = SqliteProvider.open(url, clock);
        open.add(provider);
        return provider;
    }

    @Override
    public void move(Duration by) {
        clock.move(by);
        open.forEach(SqliteProvider::clockMoved);
    }

    @Override
    public void crash(Provider provider) {
        open.stream().filter(provider::equals).forEach(SqliteProvider::dropWithoutRelease);
    }

    @Override
    public void rewrite(StoredText text, String instance, UnaryOperator<String> change) {
        String select = switch (text) {
            case HISTORY -> "SELECT h.key, h.body FROM history h JOIN instance i ON h.key >> 28 = i.key WHERE i.id = ?";
            case MESSAGES -> "SELECT m.key, m.body FROM message m JOIN instance i ON m.instance = i.key WHERE i.id = ?";
            case WORK -> "SELECT w.key, w.body FROM work w JOIN instance i ON w.key >> 28 = i.key WHERE i.id = ?";
        };
        String update = switch (text) {
            case HISTORY -> "UPDATE history SET body = ? WHERE key = ?";
            case MESSAGES -> "UPDATE message SET body = ? WHERE key = ?";
            case WORK -> "UPDATE work SET body = ? WHERE key = ?";
        };
        try (Connection connection = DriverManager.getConnection("jdbc:" + url);
                PreparedStatement read = connection.prepareStatement(select);
                PreparedStatement write = connection.prepareStatement(update)) {
            read.setString(1, instance);
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    write.setString(1, change.apply(rows.getString(2)));
                    write.setLong(2, rows.getLong(1));
                    write.addBatch();
                }
            }
            write.executeBatch();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
