package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Limits;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.WorkItem;
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

    @Test
    void instance_thatItsNodesDiedOfTooOften_isStuckUntilItIsResumed() throws Exception {
        CountDownLatch heldBack = new CountDownLatch(1);
        try (InMemoryProvider memory = new InMemoryProvider()) {
            memory.enqueueOrchestratorWork(
                    new WorkItem.StartOrchestration("victim", "run", "Victim", "", "\"x\"", null), Duration.ZERO);
            for (int i = 0; i <= Limits.MAX_NODE_DEATHS; i++) {
                NodeId node = new NodeId("node " + i);
                assertThat(memory.fetchOrchestrationItem(new FetchRequest(node, 1, Duration.ZERO)))
                        .hasSize(1);
                memory.nodeDied(node);
            }
            try (Rekindle rekindle = Rekindle.on(telling(memory, heldBack))
                    .orchestration(VICTIM, (ctx, input) -> input)
                    .start()) {
                heldBack.await();
                InstanceSnapshot stuck = memory.findInstance("victim").orElseThrow();
                assertThat(stuck.status()).isEqualTo(Status.STUCK);
                assertThat(stuck.problem())
                        .isEqualTo(
                                "WORK_QUARANTINED instance held back: 'victim'; expected its node to live, found that"
                                        + " 13 died while they ran it. Look at their logs and remove what killed them,"
                                        + " then resume it, which counts anew; or terminate it.");
                rekindle.client().management().resume("victim");
                assertThat(memory.awaitInstance("victim", Duration.ofSeconds(30))
                                .orElseThrow()
                                .status())
                        .isEqualTo(Status.COMPLETED);
            }
        }
    }

    /** The provider, telling when a lease of an instance was given back. */
    private static Provider telling(Provider inner, CountDownLatch abandoned) {
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(), new Class<?>[] {Provider.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(inner, arguments);
                        if (method.getName().equals("abandonOrchestrationItem")) {
                            abandoned.countDown();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
