package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Waits of a user's code: for messages, and for a time. */
abstract class RuntimeWaitChecks extends RuntimeChecks {
    RuntimeWaitChecks(OrchestrationContract contract) {
        super(contract);
    }

    @Test
    void event_sentBeforeAndAfterTheWait_isTaken() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    String first = ctx.event("words", String.class).await();
                    String greeting = ctx.call(GREET, first);
                    return greeting + " and " + ctx.event("words", String.class).await();
                })
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            rekindle.client().raiseEvent("hello", "words", "Ann");
            rekindle.client().raiseEvent("hello", "words", "Bob");
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann and Bob");
        }
    }

    @Test
    void event_awaitedForEver_isTaken() throws Exception {
        try (Rekindle rekindle = node().orchestration(
                        HELLO,
                        (ctx, name) -> ctx.event("words", String.class).await(Duration.ofSeconds(Long.MAX_VALUE)))
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            rekindle.client().raiseEvent("hello", "words", "at last");
            assertThat(handle.result(SOON)).isEqualTo("at last");
        }
    }

    @Test
    void event_notInTime_timesOut() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    try {
                        return ctx.event("words", String.class).await(Duration.ofMillis(10));
                    } catch (AwaitTimeoutException e) {
                        return "nobody said a word";
                    }
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "").result(SOON)).isEqualTo("nobody said a word");
        }
    }

    @Test
    void event_forNobody_isRefused() throws Exception {
        try (Rekindle rekindle =
                node().orchestration(HELLO, (ctx, name) -> "done").start()) {
            assertThatThrownBy(() -> rekindle.client().raiseEvent("nobody", "words", "x"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND));
            rekindle.client().start(HELLO, "hello", "").result(SOON);
            assertThatThrownBy(() -> rekindle.client().raiseEvent("hello", "words", "x"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_ENDED));
        }
    }

    @Test
    void sleep_ofAWhile_wakesUp() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    ctx.sleep(Duration.ofMillis(5));
                    ctx.sleep(Duration.ZERO);
                    return "rested";
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "").result(SOON)).isEqualTo("rested");
        }
    }
}
