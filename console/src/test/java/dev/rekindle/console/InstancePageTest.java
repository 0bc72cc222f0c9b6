package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Status;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.memory.InMemoryProvider;
import dev.rekindle.provider.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance whose history is longer than a page of it. */
class InstancePageTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Pattern EVENT = Pattern.compile("<li class=\"event[^\"]*\" id=\"e(\\d+)\">");
    private static final Pattern NEXT = Pattern.compile("cursor=(\\d+)\" rel=\"next\"");

    private final InMemoryProvider provider = new InMemoryProvider(() -> START);
    private final InstancePage page = new InstancePage(
            new Reading(
                    Client.builder()
                            .provider(provider)
                            .management(provider)
                            .clock(() -> START)
                            .build(),
                    new Redaction(Redactor.NONE)),
            () -> START);

    @AfterEach
    void close() {
        provider.close();
    }

    /** Waits for an event, calls an activity again and again, and then waits for another event. */
    private void instanceWithEvents(String id, int events) {
        List<Event> history = new ArrayList<>();
        history.add(new Event.OrchestrationStarted(1, START, "Collect", "1", "\"the input\"", null));
        history.add(new Event.EventAwaited(2, START, "reminder"));
        while (history.size() < events - 1) {
            long event = history.size() + 1L;
            history.add(new Event.ActivityScheduled(event, START, "Collect", "1"));
            history.add(new Event.ActivityCompleted(event + 1, START, event, "1"));
        }
        history.add(new Event.EventAwaited(history.size() + 1L, START, "approval"));
        InstanceSummary its = new InstanceSummary(
                id, "run-1", "Collect", "1", Status.RUNNING, 1, null, null, null, Map.of(), START, START, null);
        provider.importInstance(new InstanceExport(
                InstanceExport.FORMAT,
                its,
                List.of(new InstanceExport.ExecutionHistory(1, START, history)),
                new InstanceQueues(null, null, List.of(), List.of(), List.of())));
    }

    private String side(String id, Parameters query) {
        return page.followed(query.and("id", id)).html().markup();
    }

    private static Parameters history() {
        return Parameters.NONE.and("tab", "history");
    }

    @Test
    void timeline_longerThanAPage_isDrawnToThePresent() {
        instanceWithEvents("long-1", 2_503);
        String html = side("long-1", Parameters.NONE);
        assertThat(html)
                .contains("#e2503\">event</a>", "#e2\">event</a>", "The last 200 of 1\u202f252 steps")
                .contains("the input");
        assertThat(html.split("run is-open")).hasSize(3);
    }

    @Test
    void timeline_tooLongToDraw_saysSoAndLeadsToTheNewest() {
        instanceWithEvents("long-1", 10_003);
        assertThat(side("long-1", Parameters.NONE))
                .contains("Too long to be drawn", "order=newest", "the input")
                .doesNotContain("run is-");
    }

    @Test
    void history_newestFirst_goesBackToTheFirstEvent() {
        instanceWithEvents("long-1", 1_235);
        List<Long> seen = new ArrayList<>();
        String cursor = "";
        do {
            String html = side("long-1", history().and("order", "newest first").and("cursor", cursor));
            EVENT.matcher(html).results().map(InstancePageTest::number).forEach(seen::add);
            cursor = NEXT.matcher(html)
                    .results()
                    .map(next -> next.group(1))
                    .findFirst()
                    .orElse("");
        } while (!cursor.isEmpty());
        List<Long> all = new ArrayList<>();
        for (long event = 1_235; event >= 1; event--) {
            all.add(event);
        }
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void history_newestFirst_findsWhatIsRareFarBack() {
        instanceWithEvents("long-1", 4_003);
        assertThat(side("long-1", history().and("order", "newest first").and("q", "the input")))
                .contains("id=\"e1\"")
                .doesNotContain("id=\"e2\"");
    }

    @Test
    void history_newestFirst_fromACursorOfNoEvent_staysInside() {
        instanceWithEvents("long-1", 103);
        Parameters newest = history().and("order", "newest first");
        assertThat(side("long-1", newest.and("cursor", Long.toString(Long.MAX_VALUE))))
                .contains("id=\"e103\"");
        assertThat(side("long-1", newest.and("cursor", Long.toString(Long.MIN_VALUE))))
                .contains("No event fits");
    }

    @Test
    void history_ofMoreThanAPage_offersTheNewest() {
        instanceWithEvents("long-1", 203);
        assertThat(side("long-1", history()))
                .contains("Next page", "order=newest")
                .contains("id=\"e1\"");
        instanceWithEvents("short-1", 13);
        assertThat(side("short-1", history())).doesNotContain("Next page", "order=newest");
    }

    private static Long number(MatchResult found) {
        return Long.valueOf(found.group(1));
    }
}
