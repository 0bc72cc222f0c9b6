package dev.rekindle.integration;

import static dev.rekindle.integration.Words.GREET;
import static dev.rekindle.integration.Words.HELLO;
import static dev.rekindle.integration.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.CapabilityNotAvailableException;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import dev.rekindle.sqlite.SqliteProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The founding idea: what a provider can do beyond running orchestrations lights up where it is there. */
class CapabilityTest {
    private final SqliteProvider provider = SqliteProvider.open("sqlite::memory:");

    @AfterEach
    void close() {
        provider.close();
    }

    // ---- a client with the control plane only

    @Test
    void newClient_controlPlane_works() {
        Client client = new Client(provider);
        client.startOrchestration("order-1", "ProcessOrder", "{}");
        assertThat(client.getStatus("order-1")).hasValueSatisfying(status -> {
            assertThat(status.status()).isEqualTo(Status.PENDING);
            assertThat(status.orchestration()).isEqualTo("ProcessOrder");
        });
    }

    @Test
    void newClient_hasNoManagement() {
        assertThat(new Client(provider).hasManagementCapability()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("managementCalls")
    void managementCall_withoutCapability_saysSo(Function<Client, Object> call) {
        assertThatThrownBy(() -> call.apply(new Client(provider)))
                .isInstanceOf(CapabilityNotAvailableException.class)
                .hasMessageStartingWith("Management features not available")
                .hasMessageContaining(provider.name())
                .hasMessageContaining("Client.discover")
                .extracting(e -> ((RekindleException) e).code())
                .isEqualTo(ErrorCode.CAPABILITY_NOT_AVAILABLE);
    }

    static Stream<Function<Client, Object>> managementCalls() {
        return Stream.of(
                Client::listAllInstances,
                client -> client.listInstancesByStatus(Status.RUNNING),
                client -> client.listExecutions("order-1"),
                client -> client.getInstanceInfo("order-1"),
                client -> client.getExecutionInfo("order-1", 1),
                client -> client.readExecutionHistory("order-1", 1),
                Client::getSystemMetrics,
                Client::getQueueDepths);
    }

    // ---- clients with management

    @ParameterizedTest
    @MethodSource("managingClients")
    void managementCall_withCapability_answers(Function<SqliteProvider, Client> factory) throws Exception {
        Client client = factory.apply(provider);
        assertThat(client.hasManagementCapability()).isTrue();
        client.startOrchestration("waiting-1", "Nobody", "{}");
        try (Rekindle rekindle = Rekindle.on(provider)
                .activity(GREET, (ctx, name) -> "Hello " + name)
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start()) {
            rekindle.client().start(HELLO, "hello-1", "Ann").result(SOON);
        }

        assertThat(client.listAllInstances()).containsExactly("hello-1", "waiting-1");
        assertThat(client.listInstancesByStatus(Status.COMPLETED)).containsExactly("hello-1");
        assertThat(client.listExecutions("hello-1")).containsExactly(1L);
        assertThat(client.getInstanceInfo("hello-1").snapshot().output()).isEqualTo("\"Hello Ann\"");
        assertThat(client.getExecutionInfo("hello-1", 1).status()).isEqualTo(Status.COMPLETED);
        assertThat(client.readExecutionHistory("hello-1", 1))
                .extracting(Event::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly(
                        "OrchestrationStarted", "ActivityScheduled", "ActivityCompleted", "OrchestrationCompleted");
        assertThat(client.getSystemMetrics().totalInstances()).isEqualTo(2);
        assertThat(client.getQueueDepths().orchestrator()).isEqualTo(1);
    }

    static Stream<Function<SqliteProvider, Client>> managingClients() {
        return Stream.of(
                provider -> Client.withManagement(provider, provider),
                Client::fromProviderWithManagement,
                Client::discover,
                SqliteProvider::client,
                provider ->
                        Client.builder().provider(provider).management(provider).build(),
                provider -> Client.discover(wrapped(provider)));
    }

    @Test
    void withManagement_anotherObjectThanTheProvider_isAsked() {
        try (SqliteProvider replica = SqliteProvider.open("sqlite::memory:")) {
            new Client(replica).startOrchestration("only-on-the-replica", "Nobody", "{}");
            Client client = Client.withManagement(provider, replica);
            assertThat(client.listAllInstances()).containsExactly("only-on-the-replica");
            assertThat(client.getStatus("only-on-the-replica")).isEmpty();
        }
    }

    @Test
    void builder_withoutProvider_saysSo() {
        assertThatThrownBy(() -> Client.builder().build()).hasMessage("Provider required");
    }

    // ---- capabilities in general

    /** A capability that did not exist when client and provider were written. */
    interface WeatherCapability extends Capability {
        String weather();
    }

    @Test
    void capability_addedLater_needsNoChangeOfTheClient() {
        Client client = Client.builder()
                .provider(provider)
                .capability(WeatherCapability.class, () -> "sunny")
                .build();
        assertThat(client.capability(WeatherCapability.class).map(WeatherCapability::weather))
                .contains("sunny");
        assertThat(client.hasManagementCapability()).isFalse();
        assertThatThrownBy(() -> Client.discover(provider).requireCapability(WeatherCapability.class))
                .hasMessageStartingWith("Weather features not available");
    }

    @Test
    void discover_providerWithoutManagement_everythingElseWorks() throws Exception {
        Provider basic = without(provider, ManagementCapability.class);
        Client client = Client.discover(basic);
        assertThat(client.hasManagementCapability()).isFalse();
        try (Rekindle rekindle = Rekindle.on(basic)
                .activity(GREET, (ctx, name) -> "Hello " + name)
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello-1", "Ann").result(SOON))
                    .isEqualTo("Hello Ann");
        }
        assertThat(client.getStatus("hello-1").orElseThrow().status()).isEqualTo(Status.COMPLETED);
    }

    /** A decorator as a user might write one: it forwards everything, the question for capabilities included. */
    private static Provider wrapped(Provider inner) {
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(), new Class<?>[] {Provider.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Provider without(Provider inner, Class<? extends Capability> lacking) {
        return (Provider) Proxy.newProxyInstance(
                Provider.class.getClassLoader(), new Class<?>[] {Provider.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("capability")
                            && List.of(arguments).contains(lacking)) {
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
