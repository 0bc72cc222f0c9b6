package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rekindle.Failure;
import dev.rekindle.console.Timeline.Kind;
import dev.rekindle.console.Timeline.State;
import dev.rekindle.provider.Event;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void of_whatWasAnsweredAndWhatWasNot_hasABarOfEach() {
        Timeline timeline = Timeline.of(
                List.of(
                        new Event.OrchestrationStarted(1, at(0), "O", "1", "{}", null),
                        new Event.ActivityScheduled(2, at(0), "Good", "1"),
                        new Event.ActivityScheduled(3, at(0), "Bad", "1"),
                        new Event.EventAwaited(4, at(1), "channel"),
                        new Event.TimerCreated(5, at(1), at(99)),
                        new Event.ActivityCompleted(6, at(2), 2, "1"),
                        new Event.ActivityFailed(7, at(3), 3, new Failure("x", "", null, false)),
                        new Event.EventRaised(8, at(4), "other", "1"),
                        new Event.EventRaised(9, at(5), "channel", "1"),
                        new Event.TimerCancelled(10, at(5), 5),
                        new Event.EventAwaited(11, at(6), "other"),
                        new Event.EventAwaited(12, at(6), "channel")),
                at(60));
        assertThat(timeline.bars())
                .extracting(Timeline.Bar::kind, Timeline.Bar::subject, Timeline.Bar::state, Timeline.Bar::end)
                .containsExactly(
                        tuple(Kind.ACTIVITY, "Good", State.DONE, at(2)),
                        tuple(Kind.ACTIVITY, "Bad", State.FAILED, at(3)),
                        tuple(Kind.EVENT, "channel", State.DONE, at(5)),
                        tuple(Kind.TIMER, "", State.WITHDRAWN, at(5)),
                        tuple(Kind.EVENT, "other", State.DONE, at(6)),
                        tuple(Kind.EVENT, "channel", State.OPEN, null));
        assertThat(timeline.to()).isBetween(at(58), at(60));
    }

    @Test
    void of_whatAReopeningMadeVoid_leavesItOut() {
        Timeline timeline = Timeline.of(
                List.of(
                        new Event.OrchestrationStarted(1, at(0), "O", "1", "{}", null),
                        new Event.ActivityScheduled(2, at(0), "Kept", "1"),
                        new Event.ActivityCompleted(3, at(1), 2, "1"),
                        new Event.ActivityScheduled(4, at(1), "Void", "1"),
                        new Event.OrchestrationTerminated(5, at(2), "stop"),
                        new Event.OrchestrationReopened(6, at(3), 3)),
                at(3));
        assertThat(timeline.bars()).extracting(Timeline.Bar::subject).containsExactly("Kept");
    }

    @Test
    void of_anExecutionThatEnded_endsThere() {
        Timeline timeline = Timeline.of(
                List.of(
                        new Event.OrchestrationStarted(1, at(0), "O", "1", "{}", null),
                        new Event.ActivityScheduled(2, at(0), "Left", "1"),
                        new Event.OrchestrationCompleted(3, at(7), "1")),
                at(3_600));
        assertThat(timeline.to()).isEqualTo(at(7));
        assertThat(timeline.bars()).extracting(Timeline.Bar::state).containsExactly(State.WITHDRAWN);
    }
}
