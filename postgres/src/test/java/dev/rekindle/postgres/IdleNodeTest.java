package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node asks of the server while it has nothing to do. */
@Timeout(120)
class IdleNodeTest {
    private static final Activity<String, String> ECHO = Activity.named("Echo", String.class, String.class);
    private static final Orchestration<String, String> HELLO = Orchestration.named("Hello", String.class, String.class);
    private static final int SLEEPERS = 100_000;

    private static final int TRANSACTIONS = 2;
    private static final double MOST_PER_SECOND = 2;

    private static final String SLEEP = """
        INSERT INTO rekindle.instance (id, run_id, orchestration, version, status, created_by, created_in, created_at, started_at)
        SELECT 'sleeper-' || n, 'run', 'Sleep', '1', 'Running', 0, 0, now(), now() FROM generate_series(1, %1$d) AS n;
        UPDATE rekindle.node SET running = running + %1$d WHERE key = 0;
        INSERT INTO rekindle.queue (instance, wake_at)
        SELECT key, now() + interval '1 day' FROM rekindle.instance;
        INSERT INTO rekindle.timer (instance, position, due_at)
        SELECT key, 2, now() + interval '1 day' FROM rekindle.instance;
        INSERT INTO rekindle.history (instance, position, events, body)
        SELECT key, 1, 2, '[]' FROM rekindle.instance;
        ANALYZE rekindle.queue
        """.formatted(SLEEPERS);

    private final TestSchema schema = new TestSchema();

    @AfterEach
    void dropSchema() {
        schema.close();
    }

    @Test
    void idleNode_withManySleepers_asksTwiceASecondAtMost() throws Exception {
        schema.open().close();
        schema.sql(SLEEP);
        try (Wire wire = Wire.open();
                PostgresProvider provider = PostgresProvider.open(wire.url(schema));
                Rekindle node = Rekindle.on(provider)
                        .activity(ECHO, (ctx, text) -> text)
                        .orchestration(HELLO, (ctx, text) -> ctx.call(ECHO, text))
                        .start()) {
            String result = node.client().start(HELLO, "hello", "there").result(Duration.ofMinutes(1));
            assertThat(result).isEqualTo("there");
            while ("0".equals(schema.value("SELECT count(*) FROM rekindle.figure"))) {
                assertThat(wire.statementsUntilCommits(1)).isPositive();
            }
            long start = System.nanoTime();
            int statements = wire.statementsUntilCommits(TRANSACTIONS);
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(statements / seconds)
                    .as("%d statements in %s s", statements, seconds)
                    .isLessThanOrEqualTo(MOST_PER_SECOND);
        }
        assertThat(schema.value("SELECT count(*) FROM rekindle.queue WHERE node IS NULL"))
                .isEqualTo(Integer.toString(SLEEPERS));
    }
}
