package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Status;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding instances: whatever index leads, the answer is that of looking at all of them; and no table is scanned. */
class FindingTest {
    private static final int COUNT = 7_000;
    private static final int SUSPENDED = 20;

    /** Reads that show all there is by their contract, or a bounded part of a queue in no particular order. */
    private static final List<Pattern> MAY_SCAN = List.of(
            Pattern.compile("SELECT id FROM instance INDEXED BY instance_created ORDER BY.*", Pattern.DOTALL),
            Pattern.compile("SELECT count\\(\\*\\) FROM \\(SELECT 1 FROM .* LIMIT \\?\\)\\s*", Pattern.DOTALL),
            Pattern.compile(".*FROM work LIMIT \\?\\).*", Pattern.DOTALL),
            Pattern.compile("SELECT .* FROM owner ORDER BY epoch DESC LIMIT 1\\s*"),
            Pattern.compile("SELECT status, instances FROM status_count WHERE instances <> 0\\s*"));

    /** Sums over a window are grouped, once they have been led to it by the key. */
    private static final Pattern MAY_GROUP =
            Pattern.compile("SELECT .*\\sFROM figure WHERE .*\\sGROUP BY .*", Pattern.DOTALL);

    @TempDir
    private Path dir;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider provider;

    @BeforeEach
    void open() {
        provider = SqliteProvider.open("sqlite:" + dir.resolve("store.db") + "?synchronous=NORMAL", clock);
        new InstanceGenerator(provider, "id-").add(COUNT);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private List<InstanceSummary> all(InstanceQuery query, int limit) {
        List<InstanceSummary> found = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<InstanceSummary> page = provider.queryInstances(query, request);
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            found.addAll(page.items());
            if (page.next() == null) {
                return found;
            }
            request = request.after(page.next());
        }
    }

    private static InstanceQuery random(Random random) {
        InstanceQuery query = InstanceQuery.ALL;
        if (random.nextInt(3) == 0) {
            query = query.withStatuses(
                    random.nextBoolean()
                            ? Set.of(Status.FAILED)
                            : Set.of(Status.FAILED, Status.TERMINATED, Status.STUCK));
        }
        if (random.nextInt(3) == 0) {
            query = query.withOrchestration("Generated0" + random.nextInt(10));
        }
        if (random.nextInt(4) == 0) {
            query = query.withVersion("1." + random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
            query = query.withIdPrefix(random.nextBoolean() ? "id-00000" : "id-00000" + random.nextInt(10));
        }
        if (random.nextInt(6) == 0) {
            query = query.withParent("id-%09d".formatted(10 * random.nextInt(100)));
        }
        if (random.nextInt(4) == 0) {
            query = query.withRootsOnly(true);
        }
        if (random.nextInt(8) == 0) {
            query = query.withTroubledOnly(true);
        }
        if (random.nextInt(3) == 0) {
            query = query.withCreated(
                    random.nextBoolean() ? null : TestClock.START.minusSeconds(random.nextInt(COUNT)),
                    random.nextBoolean()
                            ? null
                            : TestClock.START
                                    .minusSeconds(random.nextInt(COUNT))
                                    .plusNanos(1));
        }
        if (random.nextInt(4) == 0) {
            query = query.withFinishedBefore(TestClock.START.minusSeconds(random.nextInt(COUNT)));
        }
        if (random.nextInt(4) == 0) {
            query = query.withAttribute("tenant", "t" + random.nextInt(4));
        }
        return query;
    }

    @Test
    void queryInstances_anyQuery_findsWhatLookingAtAllFinds() {
        List<InstanceSummary> ended = all(InstanceQuery.ALL, 1_000);
        assertThat(ended).hasSize(COUNT);
        assertThat(ended.getFirst().instance()).isEqualTo("id-%09d".formatted(COUNT - 1));
        TestNode node = new TestNode(provider, "node");
        for (int i = 0; i < SUSPENDED; i++) {
            node.start("id-00000s" + i);
            provider.suspendInstance("id-00000s" + i, "stocktaking");
        }
        List<InstanceSummary> everything = all(InstanceQuery.ALL, 1_000);
        assertThat(all(InstanceQuery.ALL.withTroubledOnly(true), 7))
                .isEqualTo(everything.subList(0, SUSPENDED))
                .allSatisfy(its -> assertThat(its.status()).isEqualTo(Status.SUSPENDED));
        Random random = new Random(4);
        for (int i = 0; i < 100; i++) {
            InstanceQuery query = random(random);
            assertThat(all(query, 1 + random.nextInt(1_000)))
                    .as(query.toString())
                    .isEqualTo(everything.stream().filter(query::matches).toList());
        }
    }

    @Test
    void queryInstances_startedAtTheSameTime_pagesNeitherRepeatNorSkip() {
        TestNode node = new TestNode(provider, "node");
        for (int i = 0; i < 25; i++) {
            node.start("same-" + i);
        }
        InstanceQuery query = InstanceQuery.ALL.withCreated(clock.instant(), null);
        for (InstanceQuery same : List.of(query, query.withStatus(Status.PENDING), query.withOrchestration("Orders"))) {
            assertThat(all(same, 3)).hasSize(25).doesNotHaveDuplicates();
            assertThat(all(same, 3).getFirst().instance()).isEqualTo("same-24");
        }
    }

    @Test
    void queryInstances_rareThing_comesInPagesThatEnd() {
        InstanceQuery query = InstanceQuery.ALL.withFinishedBefore(TestClock.START.minusSeconds(COUNT - 2));
        Page<InstanceSummary> first = provider.queryInstances(query, PageRequest.first(50));
        assertThat(first.items()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(all(query, 50)).hasSize(2);
    }

    @Test
    void queryInstances_foreignCursor_isRefused() {
        for (String cursor : List.of("", "1", "i1", "i1.2.3", "izzzzzzzzzzzzz.0", "i-.1", "ä")) {
            Codes.assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> provider.queryInstances(InstanceQuery.ALL, new PageRequest(1, cursor)));
        }
    }

    @Test
    void prefix_ofAnyCharacters_findsThoseThatBeginSo() {
        TestNode node = new TestNode(provider, "node");
        List<String> ids = List.of(
                "a", "a%", "a_", "ab", "aé", "a\uD7FF", "a\uE000", "a😀", "a\uDBFF\uDFFF", "a\uDBFF\uDFFFx", "b");
        ids.forEach(node::start);
        for (String prefix : ids) {
            assertThat(all(InstanceQuery.ALL.withIdPrefix(prefix), 2))
                    .extracting(InstanceSummary::instance)
                    .as(prefix)
                    .containsExactlyInAnyOrderElementsOf(
                            ids.stream().filter(id -> id.startsWith(prefix)).toList());
        }
    }

    @Test
    void definitions_areCounted() {
        assertThat(provider.listDefinitions())
                .hasSizeGreaterThan(50)
                .satisfies(uses -> assertThat(
                                uses.stream().mapToLong(use -> use.instances()).sum())
                        .isEqualTo(COUNT));
    }

    @Test
    void reads_plansOfAllStatements_scanNoTable() throws SQLException {
        TestNode node = new TestNode(provider, "node");
        node.begin("a").schedule().timer(Duration.ofHours(1)).commit();
        String url = "jdbc:sqlite:" + dir.resolve("store.db");
        Set<String> texts;
        try (Session session = Session.connect(url)) {
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                Finding.page(session, random(random), PageRequest.first(10));
            }
            Finding.definitions(session);
            InstanceTable.ids(session);
            InstanceTable.ids(session, Status.RUNNING);
            Reads.executions(session, "a");
            Reads.instanceInfo(session, "a");
            Reads.executionInfo(session, "a", 1);
            Reads.requireHistory(session, "a", 1);
            Reads.historyPage(session, "a", 1, PageRequest.first(1));
            Reads.metrics(session);
            Reads.depths(session);
            Reads.queues(session, "a", Holders.NOBODY, 0);
            Reads.export(session, "a", 0);
            Reads.deadLetters(session, PageRequest.first(1));
            Reads.overdue(session, 0, 1);
            WorkTable.byActivity(session, 0);
            WorkTable.walk(session, ActivityQuery.ALL, 0, 1);
            WorkTable.delayedOf(session, 1, 0);
            StoreTable.owner(session);
            FigureTable.sum(session, Resolution.MINUTE, Instant.EPOCH, TestClock.START);
            FigureTable.series(session, Subject.Kind.ORCHESTRATION, Resolution.MINUTE, Instant.EPOCH, TestClock.START);
            texts = session.texts();
        }
        assertThat(texts).hasSizeGreaterThan(30);
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String text : texts) {
                StringBuilder plan = new StringBuilder();
                try (var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + text)) {
                    while (rows.next()) {
                        plan.append(rows.getString("detail")).append('\n');
                    }
                }
                if (MAY_SCAN.stream().noneMatch(may -> may.matcher(text).matches())) {
                    assertThat(plan.toString().lines())
                            .as("the plan of%n%s%n%s", text, plan)
                            .noneMatch(line -> line.contains("SCAN") && !line.contains("(subquery-"))
                            .noneMatch(line -> line.contains("TEMP B-TREE")
                                    && !MAY_GROUP.matcher(text).matches());
                }
            }
        }
    }
}
