package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over a large store: page by page they give what {@link InstanceQuery#matches} says, in order. */
class InstanceSearchTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private static final Database DATABASE = SCHEMA.open();
    private static final String NEWEST_FIRST =
            "SELECT string_agg(id, ' ' ORDER BY created_at DESC, key DESC) FROM rekindle.instance";

    private static List<InstanceSummary> all = List.of();

    @BeforeAll
    static void fill() {
        LargeStore.fill(SCHEMA);
        all = pages(InstanceQuery.ALL, PageRequest.MAX_LIMIT).stream()
                .flatMap(page -> page.items().stream())
                .toList();
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    private static Page<InstanceSummary> page(InstanceQuery query, PageRequest request) {
        return DATABASE.snapshot(session -> InstanceSearch.page(session, query, request));
    }

    /** All pages of a query. */
    private static List<Page<InstanceSummary>> pages(InstanceQuery query, int limit) {
        List<Page<InstanceSummary>> pages = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<InstanceSummary> page = page(query, request);
            pages.add(page);
            String next = page.next();
            if (next == null) {
                return pages;
            }
            request = request.after(next);
        }
    }

    static Stream<InstanceQuery> queries() {
        InstanceQuery all = InstanceQuery.ALL;
        Instant noon = LargeStore.FIRST.plusSeconds(1_500);
        return Stream.of(
                all.withStatus(Status.FAILED),
                all.withStatus(Status.SUSPENDED),
                all.withStatuses(Set.of(Status.RUNNING, Status.STUCK)),
                all.withOrchestration("Flow1"),
                all.withOrchestration("Flow1").withVersion("1.1"),
                all.withOrchestration("Flow2").withStatus(Status.STUCK),
                all.withOrchestration("nothing"),
                all.withVersion("1.3"),
                all.withVersion("").withStatus(Status.RUNNING),
                all.withIdPrefix("rare-17-"),
                all.withIdPrefix("order-1"),
                all.withIdPrefix("order-29").withOrchestration("Flow0"),
                all.withIdPrefix("no'body\0\"; DROP"),
                all.withIdPrefix(""),
                all.withParent("order-21"),
                all.withParent("order-21").withStatus(Status.FAILED),
                all.withRootsOnly(true).withStatus(Status.FAILED),
                all.withTroubledOnly(true),
                all.withTroubledOnly(true).withStatus(Status.RUNNING).withRootsOnly(true),
                all.withTroubledOnly(true).withOrchestration("Flow1").withCreated(noon, null),
                all.withTroubledOnly(true).withAttribute("region", "r1"),
                all.withCreated(noon, null),
                all.withCreated(null, noon),
                all.withCreated(noon, noon.plusSeconds(3)),
                all.withCreated(Instant.MIN, Instant.MAX).withStatus(Status.RUNNING),
                all.withFinishedBefore(LargeStore.FIRST.plusSeconds(90)),
                all.withAttribute("customer", "c33"),
                all.withAttribute("customer", "c33").withAttribute("region", "r1"),
                all.withAttribute("customer", "nobody"),
                all.withAttribute("region", "r2").withOrchestration("Flow3").withRootsOnly(true));
    }

    @Test
    void page_all_areThereInOrder() {
        assertThat(all).hasSize(LargeStore.INSTANCES);
        assertThat(all.stream().map(InstanceSummary::instance).toList())
                .isEqualTo(List.of(String.valueOf(SCHEMA.value(NEWEST_FIRST)).split(" ")));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void page_ofAnyQuery_givesWhatFitsInOrder(InstanceQuery query) {
        List<Page<InstanceSummary>> pages = pages(query, 137);
        assertThat(pages.stream().flatMap(page -> page.items().stream()).toList())
                .isEqualTo(all.stream().filter(query::matches).toList());
        assertThat(pages).allMatch(page -> page.items().size() <= 137);
    }

    @Test
    void page_ofWhatIsRare_looksAtABoundedNumber() {
        InstanceQuery query = InstanceQuery.ALL.withFinishedBefore(LargeStore.FIRST);
        Page<InstanceSummary> first = page(query, PageRequest.first(10));
        assertThat(first.items()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(pages(query, 10))
                .hasSizeBetween(
                        LargeStore.INSTANCES / InstanceSearch.LOOKED_AT,
                        LargeStore.INSTANCES / InstanceSearch.LOOKED_AT + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "d17", "i1.x", "i1", "i1.2.3", "x1.2", "i1.1' OR 1=1", "i-.1"})
    void page_cursorOfSomethingElse_isRefused(String cursor) {
        RekindleException refusal = catchThrowableOfType(
                RekindleException.class, () -> page(InstanceQuery.ALL, new PageRequest(10, cursor)));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
}
