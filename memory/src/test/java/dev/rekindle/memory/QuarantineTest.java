package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.Limits;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.Provider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private static final Activity<String, String> KILLER = Activity.named("Killer", String.class, String.class);
    private static final Orchestration<String, String> VICTIM =
            Orchestration.named("Victim", String.class, String.class);

    /** Counted down when the only slot is taken by who asks the queue, so that no turn can run the activity directly. */
    private final CountDownLatch asked = new CountDownLatch(1);

    @Test
    void activity_thatItsNodesDiedOfTooOften_failsWithoutRunningAgain() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Provider memory = new InMemoryProvider();
                Rekindle rekindle = Rekindle.on(withNodeDeaths(memory, Limits.MAX_NODE_DEATHS + 1))
                        .options(options -> options.maxConcurrentActivities(1))
                        .activity(KILLER, (ctx, input) -> "run " + runs.incrementAndGet())
                        .orchestration(VICTIM, (ctx, input) -> {
                            try {
                                return ctx.call(KILLER, input, retry -> retry.maxAttempts(5));
                            } catch (ActivityFailedException e) {
                                return e.failure().type();
                            }
                        })
                        .start()) {
            asked.await();
            assertThat(rekindle.client().start(VICTIM, "victim", "x").result(Duration.ofSeconds(30)))
                    .isEqualTo("WORK_QUARANTINED");
            assertThat(runs).hasValue(0);
        }
    }

    /** The provider, saying of every activity that so many nodes died while they ran it. */
    private Provider withNodeDeaths(Provider inner, int deaths) {
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(), new Class<?>[] {Provider.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("dequeueWorkerPeekLock")) {
                        asked.countDown();
                    }
                    try {
                        Object answer = method.invoke(inner, arguments);
                        return method.getName().equals("dequeueWorkerPeekLock") && answer instanceof List<?> leased
                                ? leased.stream()
                                        .map(work -> deadly((LeasedWork) work, deaths))
                                        .toList()
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static LeasedWork deadly(LeasedWork work, int deaths) {
        return new LeasedWork(work.lease(), work.work(), work.attempt(), deaths, work.lastFailure(), work.heartbeat());
    }
}
