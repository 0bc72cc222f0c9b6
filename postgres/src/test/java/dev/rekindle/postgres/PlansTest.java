package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.PageRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How the server would go about what management asks, with the values that it asks for: never through all rows of a table.
 * Left out are the two methods that list all ids: they read them all.
 */
class PlansTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private static final Pattern SCAN = Pattern.compile(
            "Seq Scan on (instance|history|execution|queue|work|message|timer|attribute|dead_letter|figure)\\b");

    private final Map<String, String> plans = new ConcurrentHashMap<>();

    /** Connections that have each query explained before they run it. */
    private DataSource explaining() {
        PGSimpleDataSource real = new PGSimpleDataSource();
        real.setUrl(TestServer.jdbcUrl());
        return proxy(
                DataSource.class,
                real,
                (method, arguments, result) ->
                        result instanceof Connection connection ? explaining(connection) : result);
    }

    private Connection explaining(Connection real) {
        return proxy(Connection.class, real, (method, arguments, result) -> {
            if (result instanceof PreparedStatement statement
                    && arguments.length == 1
                    && arguments[0] instanceof String sql
                    && (sql.startsWith("SELECT") || sql.startsWith("WITH"))) {
                return explaining(statement, real.prepareStatement("EXPLAIN " + sql), sql);
            }
            return result;
        });
    }

    private PreparedStatement explaining(PreparedStatement real, PreparedStatement explain, String sql) {
        InvocationHandler both = (self, method, arguments) -> {
            if (method.getName().startsWith("set")) {
                call(explain, method, arguments);
            } else if (method.getName().equals("executeQuery")) {
                plans.put(sql, plan(explain));
            } else if (method.getName().equals("close")) {
                explain.close();
            }
            return call(real, method, arguments);
        };
        return (PreparedStatement)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, both);
    }

    private static String plan(PreparedStatement explain) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = explain.executeQuery()) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    /** Changes what a call answered. */
    private interface Change {
        @Nullable
        Object of(Method method, @Nullable Object[] arguments, @Nullable Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T real, Change change) {
        InvocationHandler handler = (self, method, arguments) ->
                change.of(method, arguments == null ? new Object[0] : arguments, call(real, method, arguments));
        return type.cast(Proxy.newProxyInstance(PlansTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object real, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void reads_ofALargeStore_scanNoTable() {
        SCHEMA.open().close();
        LargeStore.fill(SCHEMA);
        try (PostgresProvider provider = PostgresProvider.open(explaining(), SCHEMA.options())) {
            askEverything(provider, "order-3");
            provider.findInstance("order-3");
            provider.read("order-3");
            provider.readWithExecution("order-3", 1);
            provider.latestExecutionId("order-3");
            provider.sumMeasurements(Resolution.MINUTE, LargeStore.FIRST, LargeStore.FIRST.plusSeconds(3_600));
            provider.measurementSeries(
                    Subject.Kind.ORCHESTRATION,
                    Resolution.MINUTE,
                    LargeStore.FIRST,
                    LargeStore.FIRST.plusSeconds(3_600));
        }
        assertThat(plans).hasSizeGreaterThan(25);
        assertThat(plans)
                .allSatisfy((sql, plan) -> assertThat(SCAN.matcher(plan).find())
                        .as("a scan of a whole table for\n%s\n%s", sql, plan)
                        .isFalse());
    }

    /** Everything but the two lists of all ids. */
    static void askEverything(ManagementCapability management, String id) {
        management.listExecutions(id);
        management.getInstanceInfo(id);
        management.getInstanceSummary(id);
        management.getExecutionInfo(id, 1);
        management.readExecutionHistory(id, 1);
        management.readHistoryPage(id, 1, PageRequest.first(2));
        management.getInstanceQueues(id);
        management.exportInstance(id);
        management.getSystemMetrics();
        management.getQueueDepths();
        management.listDefinitions();
        management.listNodes();
        management.listActivityQueues();
        management.listActivities(ActivityQuery.ALL, PageRequest.first(50));
        management.listActivities(
                new ActivityQuery("Ship", true), PageRequest.first(50).after("a1.1"));
        management.listOverdue(50);
        management.listDeadLetters(PageRequest.first(50));
        for (int limit : new int[] {1, 50, PageRequest.MAX_LIMIT}) {
            InstanceSearchTest.queries().forEach(query -> management.queryInstances(query, PageRequest.first(limit)));
            management.queryInstances(InstanceQuery.ALL, PageRequest.first(limit));
            management.queryInstances(
                    InstanceQuery.ALL.withStatus(Status.COMPLETED), new PageRequest(limit, "i1893458000000000.20000"));
        }
    }
}
