package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node on connections that an application manages itself. */
class UserDataSourceTest {
    private static final Orchestration<String, String> GREET = Orchestration.named("Greet", String.class, String.class);

    private final TestSchema schema = new TestSchema();

    @AfterEach
    void dropSchema() {
        schema.close();
    }

    private static String greet(DataSource dataSource, String schema) throws InterruptedException {
        // snippet: datasource
        PostgresOptions options = PostgresOptions.DEFAULTS.withSchema(schema).withTakeover(Duration.ofSeconds(20));
        try (PostgresProvider provider = PostgresProvider.open(dataSource, options);
                Rekindle rekindle = Rekindle.on(provider)
                        .orchestration(GREET, (ctx, name) -> "Hello, " + name)
                        .start()) {
            return rekindle.client().start(GREET, "greeting-1", "Ada").result(Duration.ofMinutes(1));
        }
        // snippet end
    }

    @Test
    void node_onADataSource_runsAndLeavesItOpen() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestServer.url("connectTimeout=5"));
        config.setMaximumPoolSize(4);
        try (HikariDataSource source = new HikariDataSource(config)) {
            assertThat(greet(source, schema.name())).isEqualTo("Hello, Ada");
            assertThat(source.isClosed()).isFalse();
            assertThat(source.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
        assertThat(schema.value("SELECT status FROM rekindle.instance")).isEqualTo("Completed");
    }
}
