package dev.rekindle.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {
    @Test
    void of_growsWithTheTime() {
        assertThat(LatencyBuckets.of(-1)).isZero();
        assertThat(LatencyBuckets.of(0)).isZero();
        assertThat(LatencyBuckets.of(1)).isEqualTo(1);
        assertThat(LatencyBuckets.of(2)).isEqualTo(5);
        assertThat(LatencyBuckets.of(1024)).isEqualTo(41);
        int last = 0;
        for (long millis = 0; millis < 100_000; millis++) {
            assertThat(LatencyBuckets.of(millis)).isGreaterThanOrEqualTo(last);
            last = LatencyBuckets.of(millis);
        }
    }

    @Test
    void middle_isWithinATenthOfWhatIsInTheBucket() {
        LongStream.of(1, 2, 3, 7, 20, 150, 999, 12_345, 86_400_000, 365L * 86_400_000)
                .forEach(millis -> assertThat(LatencyBuckets.middle(LatencyBuckets.of(millis)))
                        .as("%d ms", millis)
                        .isCloseTo((double) millis, within(millis * 0.1)));
    }
}
