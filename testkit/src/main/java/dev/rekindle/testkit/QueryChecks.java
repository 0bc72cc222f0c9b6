package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding instances: every filter, every page, whatever the strings. {@link InstanceQuery#matches} says what is right. */
@Needs({Trait.MANAGEMENT, Trait.QUERIES})
abstract class QueryChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<String> NASTY = List.of(
            "' OR 1=1 --",
            "'; DROP TABLE instance; --",
            "\" OR \"\"=\"",
            "%",
            "_",
            "\\",
            "*",
            "?",
            "[a]",
            "$1",
            ":id",
            "a'b",
            "{}",
            "\uD83D\uDE00",
            "\uFFFF");

    QueryChecks(Bench bench) {
        super(bench);
    }

    private static WorkItem.StartOrchestration starting(String instance, Map<String, String> attributes) {
        return new WorkItem.StartOrchestration(instance, "run-" + instance, "Orders", "", "{}", null, attributes, null);
    }

    private List<String> ids(InstanceQuery query) {
        return walk(query, 1_000).stream().map(InstanceSummary::instance).toList();
    }

    // ---- what a summary says

    @Test
    void summary_ofAStart_saysWhatIsKnown() {
        ParentLink parent = new ParentLink("parent", "run-parent", 2, 7);
        node.send(new WorkItem.StartOrchestration(
                "a", "run", "Orders", "2", "{}", parent, Map.of("customer", "acme"), null));
        InstanceSummary expected = new InstanceSummary(
                "a",
                "run",
                "Orders",
                "2",
                Status.PENDING,
                1,
                parent,
                null,
                null,
                Map.of("customer", "acme"),
                TestClock.START,
                null,
                null);
        assertThat(management().getInstanceSummary("a")).isEqualTo(expected);
        assertThat(walk(InstanceQuery.ALL, 10)).containsExactly(expected);
    }

    @Test
    void summary_followsItsLife() {
        node.start("a");
        move(Duration.ofSeconds(1));
        TestTurn turn = TestTurn.of(node, node.fetchOne())
                .customStatus("\"half\"")
                .keep()
                .commitAndGoOn();
        InstanceSummary running = management().getInstanceSummary("a");
        assertThat(running.status()).isEqualTo(Status.RUNNING);
        assertThat(running.version()).isEqualTo("1");
        assertThat(running.customStatus()).isEqualTo("\"half\"");
        assertThat(running.startedAt()).isEqualTo(TestClock.START.plusSeconds(1));
        move(Duration.ofSeconds(1));
        turn.continueAsNew("2").commit();
        assertThat(management().getInstanceSummary("a").executionId()).isEqualTo(2);
        move(Duration.ofSeconds(1));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        InstanceSummary done = management().getInstanceSummary("a");
        assertThat(done.status()).isEqualTo(Status.COMPLETED);
        assertThat(done.createdAt()).isEqualTo(TestClock.START);
        assertThat(done.startedAt()).isEqualTo(TestClock.START.plusSeconds(1));
        assertThat(done.finishedAt()).isEqualTo(TestClock.START.plusSeconds(3));
    }

    @Test
    void summary_ofOneThatWaitsForCode_hasTheProblem() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.waiting(DAY, "no code"));
        assertThat(management().getInstanceSummary("a").problem()).isEqualTo("no code");
    }

    @Test
    void summary_unknown_isTold() {
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getInstanceSummary("nobody"));
    }

    // ---- filters

    @Test
    void query_emptyStore_isOnePageOfNothing() {
        assertThat(walk(InstanceQuery.ALL, 10)).isEmpty();
    }

    @Test
    void query_all_startedLastFirst() {
        List.of("b", "a", "d", "c").forEach(node::start);
        assertThat(ids(InstanceQuery.ALL)).containsExactly("c", "d", "a", "b");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(ids(InstanceQuery.ALL)).containsExactly("c", "d", "a", "b");
    }

    @Test
    void query_everyPairOfFilters_findsWhatMatches() {
        populate(36);
        List<InstanceSummary> all = walk(InstanceQuery.ALL, 1_000);
        assertThat(all).hasSize(36);
        List<UnaryOperator<InstanceQuery>> filters = filters();
        for (UnaryOperator<InstanceQuery> first : filters) {
            for (UnaryOperator<InstanceQuery> second : filters) {
                InstanceQuery query = second.apply(first.apply(InstanceQuery.ALL));
                assertThat(walk(query, 7))
                        .as("%s", query)
                        .isEqualTo(all.stream().filter(query::matches).toList());
            }
        }
    }

    @Test
    void query_everyFilterAtOnce_findsTheOne() {
        populate(36);
        InstanceSummary one =
                walk(InstanceQuery.ALL.withStatus(Status.COMPLETED).withAttribute("region", "us"), 1_000).stream()
                        .filter(its -> its.parent() == null)
                        .findFirst()
                        .orElseThrow();
        InstanceQuery query = new InstanceQuery(
                Set.of(one.status(), Status.FAILED),
                one.orchestration(),
                one.version(),
                one.instance(),
                null,
                true,
                false,
                one.createdAt(),
                one.createdAt().plusMillis(1),
                Instant.parse("9999-01-01T00:00:00Z"),
                one.attributes());
        assertThat(walk(query, 10)).containsExactly(one);
        assertThat(walk(query.withAttribute("region", "eu"), 10)).isEmpty();
    }

    private static List<UnaryOperator<InstanceQuery>> filters() {
        Instant middle = TestClock.START.plusSeconds(18);
        return List.of(
                query -> query,
                query -> query.withStatus(Status.COMPLETED),
                query -> query.withStatuses(List.of(Status.PENDING, Status.RUNNING, Status.FAILED)),
                query -> query.withStatus(Status.SUSPENDED),
                query -> query.withOrchestration("Orders"),
                query -> query.withOrchestration("orders"),
                query -> query.withVersion("2"),
                query -> query.withVersion(""),
                query -> query.withIdPrefix("in-1"),
                query -> query.withIdPrefix("IN-1"),
                query -> query.withParent("parent"),
                query -> query.withParent("nobody"),
                query -> query.withRootsOnly(true),
                query -> query.withTroubledOnly(true),
                query -> query.withCreated(middle, null),
                query -> query.withCreated(null, middle),
                query -> query.withCreated(middle.minusSeconds(5), middle),
                query -> query.withFinishedBefore(middle),
                query -> query.withAttribute("customer", "acme"),
                query -> query.withAttribute("region", "eu"),
                query -> query.withAttribute("Region", "eu"),
                query -> query.withAttribute("region", "nowhere"));
    }

    /** Instances of many kinds, one a second. */
    private void populate(int count) {
        for (int i = 0; i < count; i++) {
            move(Duration.ofSeconds(1));
            boolean pending = i % 6 == 0;
            node.send(
                    new WorkItem.StartOrchestration(
                            "in-" + i,
                            "run",
                            i % 4 < 2 ? "Orders" : "Bills",
                            "",
                            "{}",
                            i % 5 == 4 ? new ParentLink("parent", "run-parent", 1, i) : null,
                            i % 3 == 0
                                    ? Map.of()
                                    : Map.of(
                                            "customer",
                                            i % 2 == 0 ? "acme" : "bolt",
                                            "region",
                                            i % 3 == 1 ? "eu" : "us"),
                            null),
                    pending ? DAY : Duration.ZERO);
            if (!pending) {
                become(i);
            }
        }
    }

    private void become(int i) {
        TestTurn turn = TestTurn.of(node, node.fetchOne()).version(i % 2 == 0 ? "1" : "2");
        switch (i % 6) {
            case 1 -> turn.commit();
            case 2 -> turn.complete("1").commit();
            case 3 -> turn.fail(FAILURE).commit();
            case 4 -> provider.abandonOrchestrationItem(turn.lease(), Abandonment.stuck(DAY, "differs"));
            default -> turn.terminated(FAILURE).commit();
        }
    }

    @Test
    void query_statusesNobodyHas_findsNothing() {
        node.start("a");
        assertThat(ids(InstanceQuery.ALL.withStatuses(List.of(Status.CONTINUED_AS_NEW, Status.CANCELLED))))
                .isEmpty();
        assertThat(ids(InstanceQuery.ALL.withStatuses(List.of(Status.values()))))
                .containsExactly("a");
    }

    @Test
    void query_idPrefix_isTakenLiterally() {
        List<String> ids =
                new ArrayList<>(List.of("abc", "abd", "ABC", "a%c", "a_c", "a", "ab\uD83D\uDE00", "\u00e4", "\u00c4"));
        NASTY.forEach(text -> ids.add(text + "-1"));
        ids.forEach(node::start);
        List<String> prefixes = new ArrayList<>(ids);
        prefixes.addAll(NASTY);
        prefixes.addAll(List.of("", "a", "A", "ab", "aB", "abcd", "\u00e4", "\u00c4", "z"));
        for (String prefix : prefixes) {
            assertThat(ids(InstanceQuery.ALL.withIdPrefix(prefix)))
                    .as("prefix '%s'", prefix)
                    .isEqualTo(ids.reversed().stream()
                            .filter(id -> id.startsWith(prefix))
                            .toList());
        }
    }

    @Test
    void query_createdBorders_fromIsInAndBeforeIsOut() {
        for (int i = 0; i < 3; i++) {
            node.start("i" + i);
            move(Duration.ofSeconds(1));
        }
        Instant second = TestClock.START.plusSeconds(1);
        assertThat(ids(InstanceQuery.ALL.withCreated(second, null))).containsExactly("i2", "i1");
        assertThat(ids(InstanceQuery.ALL.withCreated(second.plusMillis(1), null)))
                .containsExactly("i2");
        assertThat(ids(InstanceQuery.ALL.withCreated(null, second))).containsExactly("i0");
        assertThat(ids(InstanceQuery.ALL.withCreated(null, second.plusMillis(1))))
                .containsExactly("i1", "i0");
        assertThat(ids(InstanceQuery.ALL.withCreated(second, second))).isEmpty();
        assertThat(ids(InstanceQuery.ALL.withCreated(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"))))
                .hasSize(3);
    }

    @Test
    void query_finishedBefore_isOutAndNeverFindsTheLiving() {
        for (int i = 0; i < 3; i++) {
            node.begin("i" + i).complete("1").commit();
            move(Duration.ofSeconds(1));
        }
        node.start("living");
        Instant second = TestClock.START.plusSeconds(1);
        assertThat(ids(InstanceQuery.ALL.withFinishedBefore(second))).containsExactly("i0");
        assertThat(ids(InstanceQuery.ALL.withFinishedBefore(second.plusMillis(1))))
                .containsExactly("i1", "i0");
        assertThat(ids(InstanceQuery.ALL.withFinishedBefore(second.plus(DAY)))).containsExactly("i2", "i1", "i0");
    }

    @Test
    void query_attributes_allOfThemLiterally() {
        node.send(starting("both", Map.of("customer", "acme", "region", "eu")));
        node.send(starting("one", Map.of("customer", "acme")));
        node.send(starting("swapped", Map.of("acme", "customer")));
        node.send(starting("none", Map.of()));
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acme"))).containsExactly("one", "both");
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acme").withAttribute("region", "eu")))
                .containsExactly("both");
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "ACME"))).isEmpty();
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acm"))).isEmpty();
        assertThat(ids(InstanceQuery.ALL.withAttribute("color", "red"))).isEmpty();
    }

    @Test
    void attributes_ofEveryText_areFoundAgain() {
        for (int i = 0; i < NASTY.size(); i++) {
            node.send(starting("i" + i, Map.of("key " + NASTY.get(i), NASTY.get(i))));
        }
        for (int i = 0; i < NASTY.size(); i++) {
            assertThat(ids(InstanceQuery.ALL.withAttribute("key " + NASTY.get(i), NASTY.get(i))))
                    .containsExactly("i" + i);
            assertThat(management().getInstanceSummary("i" + i).attributes())
                    .isEqualTo(Map.of("key " + NASTY.get(i), NASTY.get(i)));
        }
    }

    @Test
    void attributes_stayOverExecutionsAndTheEnd() {
        node.send(starting("a", Map.of("customer", "acme")));
        TestTurn.of(node, node.fetchOne()).continueAsNew("2").commit();
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acme"))).containsExactly("a");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acme"))).containsExactly("a");
    }

    @Test
    void attributes_ofAStartThatATurnSent_areFound() {
        node.begin("a").send(starting("b", Map.of("customer", "acme"))).commit();
        assertThat(ids(InstanceQuery.ALL.withAttribute("customer", "acme"))).containsExactly("b");
    }

    @Test
    void query_everyTextEverywhere_isOnlyText() {
        node.settle("a");
        for (String text : NASTY) {
            assertThat(ids(InstanceQuery.ALL.withOrchestration(text))).isEmpty();
            assertThat(ids(InstanceQuery.ALL.withVersion(text))).isEmpty();
            assertThat(ids(InstanceQuery.ALL.withParent(text))).isEmpty();
            assertThat(ids(InstanceQuery.ALL.withIdPrefix(text))).isEmpty();
            assertThat(ids(InstanceQuery.ALL.withAttribute(text, "x"))).isEmpty();
            assertThat(ids(InstanceQuery.ALL.withAttribute("x", text))).isEmpty();
            assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getInstanceSummary(text));
            assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getInstanceQueues(text));
        }
        assertThat(ids(InstanceQuery.ALL)).containsExactly("a");
    }

    @Test
    void query_aNul_findsNothingOrIsRefused() {
        node.settle("a");
        for (InstanceQuery query : List.of(
                InstanceQuery.ALL.withIdPrefix("a\0"),
                InstanceQuery.ALL.withOrchestration("Orders\0"),
                InstanceQuery.ALL.withVersion("1\0"),
                InstanceQuery.ALL.withParent("\0"))) {
            try {
                assertThat(ids(query)).isEmpty();
            } catch (RekindleException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            }
        }
    }

    // ---- pages

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 1_000})
    void pages_walkedToTheEnd_giveEachOnce(int limit) {
        IntStream.range(0, 10).forEach(i -> node.start("i" + i));
        assertThat(walk(InstanceQuery.ALL, limit))
                .extracting(InstanceSummary::instance)
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "i" + (9 - i)).toList());
        assertThat(walk(InstanceQuery.ALL.withIdPrefix("i"), limit)).hasSize(10);
        assertThat(walk(InstanceQuery.ALL.withStatus(Status.PENDING), limit)).hasSize(10);
    }

    @Test
    void pages_whileOthersAreStarted_giveEachOfTheFirstOnce() {
        IntStream.range(0, 20).forEach(i -> node.start("i" + i));
        List<String> seen = new ArrayList<>();
        PageRequest request = PageRequest.first(3);
        for (int i = 0; ; i++) {
            Page<InstanceSummary> page = management().queryInstances(InstanceQuery.ALL, request);
            page.items().forEach(its -> seen.add(its.instance()));
            String next = page.next();
            if (next == null) {
                break;
            }
            node.start("new" + i);
            request = request.after(next);
        }
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "i" + (19 - i)).toList());
    }

    @Test
    void pages_whileStatusesChange_giveEachThatFitsAllTheTime() {
        IntStream.range(0, 20).forEach(i -> node.settle("i" + i));
        Set<String> seen = new HashSet<>();
        PageRequest request = PageRequest.first(3);
        for (int ended = 0; ; ended += 2) {
            Page<InstanceSummary> page =
                    management().queryInstances(InstanceQuery.ALL.withStatus(Status.RUNNING), request);
            page.items().forEach(its -> assertThat(seen.add(its.instance())).isTrue());
            String next = page.next();
            if (next == null) {
                break;
            }
            node.raise("i" + ended, "1");
            TestTurn.of(node, node.fetchOne()).complete("1").commit();
            request = request.after(next);
        }
        assertThat(seen)
                .containsAll(
                        IntStream.range(0, 10).mapToObj(i -> "i" + (2 * i + 1)).toList());
    }

    @Test
    void cursor_thatNoPageGave_isRefused() {
        node.start("a");
        for (String cursor : List.of("", "x", "-1", "1; DROP TABLE instance", "' OR 1=1 --", "9".repeat(100), "1.5")) {
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> management().queryInstances(InstanceQuery.ALL, new PageRequest(10, cursor)));
        }
    }

    @Test
    void cursor_ofAnotherQuery_doesNoHarm() {
        IntStream.range(0, 10).forEach(i -> node.start("i" + i));
        String next = management()
                .queryInstances(InstanceQuery.ALL, PageRequest.first(5))
                .next();
        assertThat(next).isNotNull();
        try {
            assertThat(management()
                            .queryInstances(InstanceQuery.ALL.withIdPrefix("i"), new PageRequest(10, next))
                            .items())
                    .hasSizeLessThanOrEqualTo(10);
        } catch (RekindleException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void query_whileManyStart_neverShowsHalfOfOne() {
        Crowd.of(4, worker -> () -> {
            for (int i = 0; i < 25; i++) {
                if (worker > 0) {
                    node.send(starting(worker + "." + i, Map.of("worker", "" + worker, "number", "" + i)));
                    continue;
                }
                assertThat(walk(InstanceQuery.ALL, 10)).allSatisfy(its -> {
                    assertThat(its.status()).isEqualTo(Status.PENDING);
                    assertThat(its.attributes()).hasSize(2);
                });
            }
            return worker;
        });
        assertThat(walk(InstanceQuery.ALL.withAttribute("worker", "1"), 10)).hasSize(25);
    }
}
