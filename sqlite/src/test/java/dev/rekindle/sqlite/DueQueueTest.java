package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.sqlite.DueQueue.Place;
import org.junit.jupiter.api.Test;

/** What a queue of delayed rows knows, while others write too. */
class DueQueueTest {
    private static final long NOW = 1_000_000;

    private final DueQueue<String> queue = new DueQueue<>();

    /** All up to this time was read: a full page first, and then the rest. */
    private void readAll() {
        queue.pageRead(NOW, new Place(10, 1));
        queue.pageRead(NOW + DueQueue.HORIZON_MILLIS, null);
    }

    @Test
    void review_holdsNothingUp() {
        assertThat(queue.isBehind(NOW)).as("before anything was read").isTrue();
        readAll();
        queue.review();
        assertThat(queue.wantsPage(NOW)).isTrue();
        assertThat(queue.isBehind(NOW)).isFalse();
    }

    @Test
    void review_whileOthersGoOnWriting_comesToAnEndAndBeginsAnew() {
        readAll();
        Place end = queue.position();
        queue.review();
        Place beginning = queue.position();
        queue.pageRead(NOW, new Place(10, 1));
        queue.review();
        assertThat(queue.position()).isEqualTo(new Place(10, 1));
        queue.review();
        queue.pageRead(NOW + DueQueue.HORIZON_MILLIS, null);
        assertThat(queue.position()).isEqualTo(beginning);
        queue.pageRead(NOW + DueQueue.HORIZON_MILLIS, null);
        assertThat(queue.position()).isEqualTo(end);
        assertThat(queue.wantsPage(NOW)).isFalse();
    }

    @Test
    void review_ofAQueueThatWasNotReadYet_isNotNeeded() {
        Place beginning = queue.position();
        queue.review();
        readAll();
        assertThat(queue.position()).isNotEqualTo(beginning);
        assertThat(queue.wantsPage(NOW)).isFalse();
    }
}
