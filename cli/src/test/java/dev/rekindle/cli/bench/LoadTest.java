package dev.rekindle.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.Stores;
import dev.rekindle.provider.Provider;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {

    @Test
    void load_onAStoreThatFails_countsEveryErrorAndKeepsTheFirst() throws InterruptedException {
        Provider closed = Stores.open("sqlite::memory:");
        closed.close();
        CountDownLatch starts = new CountDownLatch(3);

        Load load = new Load(new Client(closed), Workload.HELLO.orchestration(), 1, () -> {
            starts.countDown();
            return 0;
        });
        try (load) {
            load.measure(true);
            load.start();
            starts.await();
        }

        assertThat(load.errors()).isGreaterThanOrEqualTo(2);
        assertThat(load.firstError())
                .hasValueSatisfying(error -> assertThat(error.code()).isEqualTo(ErrorCode.CLOSED));
        assertThat(load.latencies().count()).isZero();
    }
}
