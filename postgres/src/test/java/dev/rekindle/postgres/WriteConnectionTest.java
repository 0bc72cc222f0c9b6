package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What transactions leave behind on their connections, and the server is told at their beginning. */
class WriteConnectionTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private static WriteConnection write(Connection connection) throws SQLException {
        return WriteConnection.open(connection, new Schema(SCHEMA.options())::sql, Duration.ofSeconds(1));
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void close_ofAConnectionOfTheUsers_leavesItsSettings() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestServer.jdbcUrl());
        config.setMaximumPoolSize(1);
        config.setConnectionInitSql("SET synchronous_commit = off");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            List<String> written = new ArrayList<>();
            Connection users = pool.getConnection();
            try (WriteConnection connection = write(users)) {
                assertThat(users.getNetworkTimeout()).isEqualTo(60_000);
                connection.run(new Single<>("SHOW synchronous_commit", row -> written.add(row.getString(1))));
            }
            assertThat(written).containsExactly("on");
            try (Connection connection = pool.getConnection()) {
                assertThat(shown(connection, "synchronous_commit")).isEqualTo("off");
                assertThat(shown(connection, "lock_timeout")).isEqualTo("0");
                assertThat(connection.getNetworkTimeout()).isZero();
            }
        }
    }

    @Test
    void changes_ofManagement_endWithTheirClient() throws Exception {
        try (Connection connection = TestServer.connect()) {
            Session session = new Session(connection, new Schema(SCHEMA.options()));
            session.script("SET synchronous_commit = off");
            session.script(Changes.BEGIN);
            assertThat(shown(connection, "idle_in_transaction_session_timeout")).isEqualTo("10s");
            assertThat(shown(connection, "synchronous_commit")).isEqualTo("on");
            session.script("ROLLBACK");
        }
    }

    @Test
    void hideWork_thatAnotherNodeHasByNow_leavesIt() throws Exception {
        SCHEMA.open().close();
        StoredRows rows = new StoredRows(SCHEMA);
        rows.work(1, 2, StoredRows.charge("a", 1, 2), 7L);
        Rows hide = WorkTable.hide();
        hide.add(1L, 2L, 6L);
        try (WriteConnection connection = write(TestServer.connect())) {
            connection.run(hide);
        }
        assertThat(SCHEMA.value("SELECT node FROM rekindle.work")).isEqualTo("7");
    }
}
