package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Codec;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.runtime.replay.Execution;
import dev.rekindle.runtime.replay.Identity;
import dev.rekindle.runtime.replay.OrchestrationCode;
import dev.rekindle.runtime.replay.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnWatchTest {
    private static final Orchestration<String, String> HANGS = Orchestration.named("Hangs", String.class, String.class);

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> reports = new ArrayList<>();
    private final Residents residents = new Residents(0);
    private final TurnWatch watch = new TurnWatch(residents, Duration.ofSeconds(5), nanos::get, reports::add);

    private String hangs(OrchestrationContext context, String input) throws InterruptedException {
        inside.countDown();
        mayEnd.await();
        return input;
    }

    @Test
    void look_turnThatDoesNotEnd_isReportedOnceWithTheStackOfWhereItHangs() throws Exception {
        Execution execution = new Execution(
                new Identity("hanging-1", "run-1", 1, null), new OrchestrationCode<>(HANGS, this::hangs), Codec.json());
        Resident resident = residents.wake("hanging-1");
        resident.turnBegins(nanos.get(), execution);
        Thread turn = Thread.ofVirtual()
                .start(() -> Turn.take(
                        execution,
                        List.of(new WorkItem.StartOrchestration("hanging-1", "run-1", "Hangs", "", "\"x\"", null)),
                        Instant.EPOCH));
        inside.await();

        nanos.set(Duration.ofSeconds(4).toNanos());
        watch.look();
        assertThat(reports).isEmpty();

        nanos.set(Duration.ofSeconds(6).toNanos());
        watch.look();
        watch.look();
        assertThat(reports)
                .singleElement()
                .asString()
                .startsWith("TURN_NOT_ENDING a turn does not end: 'hanging-1'")
                .contains("'Hangs 1.0'")
                .contains("TurnWatchTest.hangs");

        mayEnd.countDown();
        turn.join();
    }

    @Test
    void look_turnThatHasEnded_isNotReported() {
        Execution execution = new Execution(
                new Identity("quick-1", "run-1", 1, null),
                new OrchestrationCode<>(HANGS, (context, input) -> input),
                Codec.json());
        Resident resident = residents.wake("quick-1");
        resident.turnBegins(0, execution);
        resident.turnEnds();
        nanos.set(Duration.ofDays(1).toNanos());
        watch.look();
        assertThat(reports).isEmpty();
    }
}
