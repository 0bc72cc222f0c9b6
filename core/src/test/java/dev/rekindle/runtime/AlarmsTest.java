package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    @Test
    void every_taskThatThrows_goesOn() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        try (Alarms alarms = new Alarms()) {
            alarms.every(1, () -> {
                thrice.countDown();
                throw new IllegalStateException("of a task");
            });
            assertThat(thrice.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
