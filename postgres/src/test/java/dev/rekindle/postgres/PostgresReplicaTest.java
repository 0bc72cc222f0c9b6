package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Management on a server that only reads. */
@Timeout(120)
class PostgresReplicaTest {
    private static final List<Consumer<ManagementCapability>> CHANGES = List.of(
            replica -> replica.suspendInstance("a", "x"),
            replica -> replica.resumeInstance("a"),
            replica -> replica.reopenInstance(new WorkItem.ReopenInstance("a", "run-a", 1, 1, List.of()), 1),
            replica -> replica.deleteInstances(List.of("a"), DeleteOptions.CAREFUL),
            replica -> replica.pruneExecutions("a", 1),
            replica -> replica.importInstance(replica.exportInstance("a")),
            replica -> replica.deleteDeadLetters(List.of(1L)));

    private final TestSchema schema = new TestSchema();

    @AfterEach
    void dropSchema() {
        schema.close();
    }

    private static ErrorCode refused(Runnable call) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, call::run);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.code();
    }

    @Test
    void replica_onAHotStandby_readsWhatThePrimaryCommitted(@TempDir Path folder) throws Exception {
        try (OwnServer server = OwnServer.start(folder)) {
            PostgresProvider.open(server.url("")).close();
            try (StandbyServer standby = StandbyServer.of(server);
                    PostgresProvider provider = PostgresProvider.open(server.url(""));
                    PostgresReplica replica = PostgresReplica.open(standby.url(""))) {
                assertThat(server.value("SHOW synchronous_commit"))
                        .as("what a commit waits for")
                        .isEqualTo("remote_apply");
                TestNode node = new TestNode(provider, "node");
                node.begin("a");
                assertThat(replica.getInstanceSummary("a").status()).isEqualTo(Status.RUNNING);
                assertThat(replica.queryInstances(InstanceQuery.ALL, PageRequest.first(10)))
                        .isEqualTo(provider.queryInstances(InstanceQuery.ALL, PageRequest.first(10)));
                assertThat(replica.listNodes()).isEqualTo(provider.listNodes());
                PlansTest.askEverything(replica, "a");
                provider.suspendInstance("a", "look");
                assertThat(replica.getInstanceSummary("a").problem()).isEqualTo("look");
            }
        }
    }

    @Test
    void replica_onAnyServer_writesNothing() {
        try (PostgresProvider provider = PostgresProvider.open(schema.url())) {
            new TestNode(provider, "node").begin("a");
            String nodes = schema.value("SELECT string_agg(n::text, ' ') FROM rekindle.node AS n WHERE key = 0");
            try (PostgresReplica replica = PostgresReplica.open(schema.url())) {
                PlansTest.askEverything(replica, "a");
                CHANGES.forEach(change ->
                        assertThat(refused(() -> change.accept(replica))).isEqualTo(ErrorCode.READ_ONLY));
            }
            assertThat(schema.value("SELECT count(*) FROM rekindle.node")).isEqualTo("2");
            assertThat(schema.value("SELECT string_agg(n::text, ' ') FROM rekindle.node AS n WHERE key = 0"))
                    .isEqualTo(nodes);
        }
    }

    @Test
    void replica_connection_refusesToWrite() {
        schema.open().close();
        try (Database database = Database.openReadOnly(PostgresUrl.parse(schema.url()))) {
            assertThat(refused(() -> database.read(session -> session.run("DELETE FROM rekindle.node"))))
                    .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
        assertThat(schema.value("SELECT count(*) FROM rekindle.node")).isEqualTo("1");
    }

    @Test
    void open_storeOfAnotherVersion_isRefusedUntouched() {
        assertThat(refused(() -> PostgresReplica.open(schema.url()))).isEqualTo(ErrorCode.STORE_UNREADABLE);
        assertThat(schema.value("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = ?", schema.name()))
                .isEqualTo("0");
        schema.open().close();
        schema.sql("INSERT INTO rekindle.migration (number, name) VALUES (1000, '1000_later')");
        assertThat(refused(() -> PostgresReplica.open(schema.url()))).isEqualTo(ErrorCode.STORE_NEWER);
    }

    @Test
    void close_thenAsked_isRefused() {
        schema.open().close();
        PostgresReplica replica = PostgresReplica.open(schema.url());
        replica.close();
        replica.close();
        assertThat(refused(replica::listInstances)).isEqualTo(ErrorCode.CLOSED);
    }
}
