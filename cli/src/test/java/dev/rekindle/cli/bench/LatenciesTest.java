package dev.rekindle.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void percentile_ofNothing_isZero() {
        assertThat(new Latencies().percentileMillis(0.99)).isZero();
    }

    @Test
    void percentile_ofOneToTenThousandMillis_isExact() {
        Latencies even = new Latencies();
        LongStream.rangeClosed(1, 10_000).filter(i -> i % 2 == 0).forEach(i -> even.add(i * 1_000_000));
        Latencies all = new Latencies();
        LongStream.rangeClosed(1, 10_000).filter(i -> i % 2 == 1).forEach(i -> all.add(i * 1_000_000));
        all.addAll(even);

        assertThat(all.count()).isEqualTo(10_000);
        assertThat(all.percentileMillis(0.50)).isEqualTo(5_000);
        assertThat(all.percentileMillis(0.99)).isEqualTo(9_900);
        assertThat(all.percentileMillis(1)).isEqualTo(10_000);
        assertThat(all.percentileMillis(0)).isEqualTo(1);
    }
}
