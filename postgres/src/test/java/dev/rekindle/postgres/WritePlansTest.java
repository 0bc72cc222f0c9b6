package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How the server would go about what the writer writes. The plans are made once and kept, at a time when the tables may
 * look quite different than later: they have to be right then too.
 */
class WritePlansTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    /** Asked once when a node died, by a column without an index. */
    private static final Set<String> BY_NODE = Set.of("NodeTable.FREE_INSTANCES", "NodeTable.FREE_WORK");

    private static final Pattern INDEX_SCAN = Pattern.compile("Index (Only )?Scan");
    /** A bitmap of all that is due would be made to lease the first ten. */
    private static final Pattern READS_ALL = Pattern.compile("(Seq|Bitmap Heap) Scan on");

    private static final Pattern PARAMETER = Pattern.compile("\\?");
    private static final List<String> QUEUES = List.of("queue", "work", "message", "timer");

    @BeforeAll
    static void fill() {
        SCHEMA.open().close();
        for (String queue : QUEUES) {
            // Otherwise the server might count the rows once more in between.
            SCHEMA.sql("ALTER TABLE rekindle." + queue + " SET (autovacuum_enabled = false)");
        }
        LargeStore.fill(SCHEMA);
    }

    @Test
    void writes_ofALargeStore_goByKey() throws Exception {
        assertThat(scans()).isEmpty();
    }

    /** As after a night without work: what was cleared away says that there are no rows, so one looks as dear as all. */
    @Test
    void writes_ofQueuesThatWereEmpty_goByKey() throws Exception {
        for (String queue : QUEUES) {
            SCHEMA.sql("CREATE TABLE rekindle.kept AS TABLE rekindle." + queue + "; DELETE FROM rekindle." + queue);
            SCHEMA.sql("VACUUM (ANALYZE, TRUNCATE FALSE) rekindle." + queue);
            SCHEMA.sql("INSERT INTO rekindle.%1$s OVERRIDING SYSTEM VALUE TABLE rekindle.kept; DROP TABLE rekindle.kept"
                    .formatted(queue));
        }
        assertThat(SCHEMA.value(
                        "SELECT reltuples FROM pg_class WHERE oid = '%s.work'::regclass".formatted(SCHEMA.name())))
                .isEqualTo("0");
        assertThat(scans()).isEmpty();
    }

    /** The plans that read all rows of a table, or all of an index. */
    private static List<String> scans() throws Exception {
        Schema schema = new Schema(SCHEMA.options());
        List<String> found = new ArrayList<>();
        try (Connection connection = TestServer.connect();
                WriteConnection writing = WriteConnection.open(connection, schema::sql, Duration.ofSeconds(5));
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> asked : statements().entrySet()) {
                String plan = plan(statement, schema.sql(asked.getValue()));
                if (Stream.of(plan.split("->")).anyMatch(WritePlansTest::readsAll)) {
                    found.add(asked.getKey() + "\n" + plan);
                }
            }
        }
        return found;
    }

    private static boolean readsAll(String node) {
        boolean throughIndex = INDEX_SCAN.matcher(node).find();
        return READS_ALL.matcher(node).find() || (throughIndex && !node.contains("Index Cond:"));
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        int[] parameters = {0};
        String numbered = PARAMETER.matcher(sql).replaceAll(parameter -> "\\$" + ++parameters[0]);
        statement.execute("PREPARE asked AS " + numbered);
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery(
                "EXPLAIN EXECUTE asked (" + String.join(", ", Collections.nCopies(parameters[0], "NULL")) + ")")) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        statement.execute("DEALLOCATE asked");
        return plan.toString();
    }

    /** All that the writer may send, in both forms, by name. */
    private static Map<String, String> statements()
            throws IOException, URISyntaxException, ReflectiveOperationException {
        Map<String, String> found = new LinkedHashMap<>();
        for (Class<?> type : classes()) {
            for (Field field : type.getDeclaredFields()) {
                String name = type.getSimpleName() + "." + field.getName();
                if (BY_NODE.contains(name) || !Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                field.setAccessible(true);
                if (field.getType() == RowStatement.class) {
                    RowStatement statement = (RowStatement) field.get(null);
                    found.put(name, statement.many());
                    found.put(name + " of one", statement.one());
                } else if (field.getName().equals("CLAIM")) {
                    found.put(type.getName() + "." + field.getName(), (String) field.get(null));
                }
            }
        }
        assertThat(found)
                .hasSizeGreaterThan(50)
                .containsKeys("WorkTable.DELETE", WorkOps.Claim.class.getName() + ".CLAIM");
        return found;
    }

    private static List<Class<?>> classes() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(RowStatement.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("dev/rekindle/postgres"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    classes.add(Class.forName("dev.rekindle.postgres." + name.substring(0, name.length() - 6)));
                }
            }
        }
        return classes;
    }
}
