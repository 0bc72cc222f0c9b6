package dev.rekindle.sqlite;

import dev.rekindle.provider.StoreFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Looks at a database without making, migrating or changing anything. */
final class StoreLook {
    private static final String SCHEMA = """
        PRAGMA user_version
        """;

    private StoreLook() {}

    static StoreFacts at(SqliteUrl url) {
        if (url.file().isEmpty()) {
            return new StoreFacts(true, StoreFile.SCHEMA, StoreFile.SCHEMA, OptionalLong.empty(), OptionalLong.empty());
        }
        Path file = url.file().get();
        try {
            if (!Files.exists(file) || Files.size(file) == 0) {
                return StoreFacts.nothing(StoreFile.SCHEMA);
            }
            new StoreFile(url).check();
            try (Session session = Session.connect(url.jdbc("?mode=ro"))) {
                return new StoreFacts(
                        true,
                        (int) session.number(SCHEMA),
                        StoreFile.SCHEMA,
                        OptionalLong.of(Files.size(file) + sizeOf(file + "-wal")),
                        OptionalLong.of(Files.getFileStore(file).getUsableSpace()));
            }
        } catch (SQLException e) {
            throw Trouble.of(url.name(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sizeOf(String file) throws IOException {
        Path path = Path.of(file);
        return Files.exists(path) ? Files.size(path) : 0;
    }
}
