package dev.rekindle.integration;

import static dev.rekindle.integration.Words.GREET;
import static dev.rekindle.integration.Words.HELLO;
import static dev.rekindle.integration.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.Limits;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Stores;
import dev.rekindle.sqlite.SqliteProvider;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input gets a clear error, and nothing is half-written. */
class BadInputTest {
    private final SqliteProvider provider = SqliteProvider.open("sqlite::memory:");
    private final Client client = Client.discover(provider);

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void call_withBadInput_isRefusedAndWritesNothing(ErrorCode code, Consumer<Client> call) {
        assertThatThrownBy(() -> call.accept(client)).isInstanceOfSatisfying(RekindleException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).startsWith(code.name()).contains("expected");
        });
        assertThat(client.listAllInstances()).isEmpty();
        assertThat(client.getQueueDepths().orchestrator()).isZero();
    }

    static Stream<Arguments> refusals() {
        String huge = "\"" + "x".repeat(Limits.MAX_PAYLOAD_BYTES) + "\"";
        return Stream.of(
                refusal(ErrorCode.INVALID_ARGUMENT, c -> c.startOrchestration("", "Hello", "{}")),
                refusal(ErrorCode.INVALID_ARGUMENT, c -> c.startOrchestration("  ", "Hello", "{}")),
                refusal(ErrorCode.INVALID_ARGUMENT, c -> c.startOrchestration("a\nb", "Hello", "{}")),
                refusal(ErrorCode.LIMIT_EXCEEDED, c -> c.startOrchestration("x".repeat(256), "Hello", "{}")),
                refusal(ErrorCode.INVALID_ARGUMENT, c -> c.startOrchestration("a", "", "{}")),
                refusal(ErrorCode.LIMIT_EXCEEDED, c -> c.startOrchestration("a", "n".repeat(201), "{}")),
                refusal(ErrorCode.LIMIT_EXCEEDED, c -> c.startOrchestration("a", "Hello", huge)),
                refusal(ErrorCode.PAYLOAD_MISMATCH, c -> c.startOrchestration("a", "Hello", "not json")),
                refusal(ErrorCode.PAYLOAD_MISMATCH, c -> c.startOrchestration("a", "Hello", "")),
                refusal(ErrorCode.INSTANCE_NOT_FOUND, c -> c.raiseEvent("a", "c", 1)),
                refusal(ErrorCode.INVALID_ARGUMENT, c -> c.raiseEvent("a", "", 1)),
                refusal(ErrorCode.PAYLOAD_MISMATCH, c -> c.raiseEvent("a", "c", new Unwritable())),
                refusal(ErrorCode.INSTANCE_NOT_FOUND, c -> c.cancel("a", "why")),
                refusal(ErrorCode.INSTANCE_NOT_FOUND, c -> c.terminate("a", "why")),
                refusal(ErrorCode.INSTANCE_NOT_FOUND, c -> c.getInstanceInfo("a")),
                refusal(ErrorCode.INSTANCE_NOT_FOUND, c -> c.readExecutionHistory("a", 1)));
    }

    /** A value that can't become JSON. */
    record Unwritable() {
        @JsonValue
        public Object value() {
            throw new IllegalStateException("can't be written");
        }
    }

    private static Arguments refusal(ErrorCode code, Consumer<Client> call) {
        return Arguments.of(code, call);
    }

    @Test
    void instanceId_atTheLimit_isAccepted() {
        String id = "é".repeat(Limits.MAX_INSTANCE_ID_CHARS);
        client.startOrchestration(id, "Hello", "{}");
        assertThat(client.listAllInstances()).containsExactly(id);
    }

    @Test
    void start_idThatExists_isRefusedAndLeavesTheFirstAlone() {
        client.startOrchestration("a", "First", "1");
        assertThatThrownBy(() -> client.startOrchestration("a", "Second", "2"))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_EXISTS))
                .hasMessageContaining("'a'");
        assertThat(client.getStatus("a").orElseThrow().orchestration()).isEqualTo("First");
        assertThat(client.getQueueDepths().orchestrator()).isEqualTo(1);
    }

    @Test
    void open_unknownScheme_saysWhatIsKnown() {
        assertThatThrownBy(() -> Stores.open("mysql://here"))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_STORE))
                .hasMessageContaining("'mysql://here'")
                .hasMessageContaining("sqlite:");
    }

    @Test
    void register_twice_isRefused() {
        Rekindle.Builder builder = Rekindle.on(provider).activity(GREET, (ctx, name) -> name);
        assertThatThrownBy(() -> builder.activity(GREET, (ctx, name) -> name))
                .hasMessageContaining("registered twice: 'Greet'");
    }

    @Test
    void start_inputOfAnotherType_failsTheInstanceWithBothTypes() throws Exception {
        try (Rekindle rekindle = Rekindle.on(provider)
                .orchestration(Orchestration.named("Numbers", Integer.class, Integer.class), (ctx, number) -> number)
                .start()) {
            rekindle.client().startOrchestration("a", "Numbers", "{\"not\":\"a number\"}");
            var end = rekindle.client().awaitEnd("a", SOON);
            assertThat(end.failure()).isNotNull();
            assertThat(end.failure().type()).isEqualTo("PAYLOAD_MISMATCH");
            assertThat(end.failure().message()).contains("java.lang.Integer").contains("not");
        }
    }

    @Test
    void activity_outputTooLarge_failsTheActivityAndTellsTheCode() throws Exception {
        try (Rekindle rekindle = Rekindle.on(provider)
                .activity(GREET, (ctx, name) -> "x".repeat(Limits.MAX_PAYLOAD_BYTES))
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name, retry -> retry.maxAttempts(7)))
                .start()) {
            rekindle.client().start(HELLO, "a", "Ann");
            var end = rekindle.client().awaitEnd("a", SOON);
            assertThat(end.failure()).isNotNull();
            assertThat(end.failure().message()).contains("LIMIT_EXCEEDED").contains("Greet");
        }
    }

    @Test
    void definition_withAnEmptyName_isRefused() {
        assertThatThrownBy(() -> Activity.named("", String.class, String.class))
                .hasMessageContaining("empty activity name");
        assertThatThrownBy(() -> Orchestration.named(" ", String.class, String.class))
                .hasMessageContaining("empty orchestration name");
    }
}
