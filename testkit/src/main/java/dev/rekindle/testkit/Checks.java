package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.StoreImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** The checks of one theme. Each runs on an empty store, with one node on it. */
abstract class Checks {
    final Bench bench;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    TestNode node;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    Provider provider;

    Checks(Bench bench) {
        this.bench = bench;
    }

    @BeforeEach
    void openFirst() {
        provider = bench.open();
        node = bench.node(provider, "node");
    }

    void move(Duration by) {
        bench.move(by);
    }

    /** Goes on with another provider, on what the last one left. */
    void goOnWith(TestNode next) {
        node = next;
        provider = next.provider();
    }

    InstanceSnapshot find(String instance) {
        return provider.findInstance(instance).orElseThrow();
    }

    static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RekindleException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.getMessage()).startsWith(code.name());
        });
    }

    /** Checks how much is in the queues, by every capability that can tell. */
    void assertQueues(int messages, int activities, int timers, int deadLetters) {
        QueueDepths expected = new QueueDepths(messages, activities, timers, deadLetters);
        if (bench.has(Trait.MANAGEMENT)) {
            assertThat(management().getQueueDepths()).isEqualTo(expected);
        }
        if (bench.has(Trait.INSPECTION)) {
            assertThat(depths(Bench.image(provider))).isEqualTo(expected);
        }
    }

    private static QueueDepths depths(StoreImage image) {
        return new QueueDepths(
                image.instances().stream()
                        .mapToLong(its -> its.messages().size())
                        .sum(),
                image.instances().stream()
                        .mapToLong(its -> its.activities().size())
                        .sum(),
                image.instances().stream().mapToLong(its -> its.timers().size()).sum(),
                image.deadLetters().size());
    }

    ManagementCapability management() {
        return Bench.capability(provider, ManagementCapability.class);
    }

    /** Deletes instances, of which the test's own books then say nothing any more. */
    Deletion delete(DeleteOptions options, String... instances) {
        List.of(instances).forEach(bench.ledger::forget);
        return management().deleteInstances(List.of(instances), options);
    }

    /** All that a query finds, page by page. */
    List<InstanceSummary> walk(InstanceQuery query, int limit) {
        List<InstanceSummary> all = new ArrayList<>();
        Set<String> cursors = new HashSet<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<InstanceSummary> page = management().queryInstances(query, request);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            String next = page.next();
            if (next == null) {
                return all;
            }
            assertThat(cursors.add(next))
                    .as("a cursor that was not there before: %s", next)
                    .isTrue();
            request = request.after(next);
        }
    }

    /** Checks that a history has this many events, numbered from 1. */
    void assertHistory(String instance, int events) {
        assertIds(provider.read(instance), events);
    }

    static void assertIds(List<Event> history, int events) {
        assertThat(history)
                .extracting(Event::id)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events).boxed().toList());
    }
}
