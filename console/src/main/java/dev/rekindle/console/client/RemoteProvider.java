package dev.rekindle.console.client;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store behind a console, for clients: starting, sending, asking and, where that store has it, managing and figures.
 * Nothing can be run on it. Thread-safe.
 */
public final class RemoteProvider implements Provider {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(20);

    private final Connection connection;
    private final Wire.About about;
    private final @Nullable RemoteManagement management;
    private final @Nullable RemoteAnalytics analytics;

    private RemoteProvider(Connection connection) {
        this.connection = connection;
        this.about = connection.get("", Parameters.NONE, Wire.type(Wire.About.class));
        this.management = isThere(ManagementCapability.class) ? new RemoteManagement(connection) : null;
        this.analytics = isThere(AnalyticsCapability.class) ? new RemoteAnalytics(connection) : null;
    }

    /**
     * Connects to a console.
     *
     * @param url {@code http[s]://[TOKEN@]HOST[:PORT][/PATH]}; a path where a proxy puts the console below one
     * @param token the token when the URL has none; null for none
     * @throws RekindleException {@code STORE_UNAVAILABLE} when nobody answers, {@code STORE_UNREADABLE} when the one who
     *     does is no console or wants another token
     */
    public static RemoteProvider open(String url, @Nullable String token) {
        Connection connection = new Connection(url, token);
        try {
            return new RemoteProvider(connection);
        } catch (RekindleException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "%s at %s".formatted(about.store(), connection.shown());
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) {
        return Stream.of(Optional.ofNullable(management), Optional.ofNullable(analytics))
                .flatMap(Optional::stream)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private boolean isThere(Class<? extends Capability> type) {
        return about.capabilities().contains(type.getSimpleName());
    }

    // ---- for clients

    @Override
    public void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        Parameters query = delay.isZero() ? Parameters.NONE : Parameters.NONE.and("delay", delay);
        connection.postText("/messages", query, JsonText.ofWork(work));
    }

    @Override
    public Optional<InstanceSnapshot> findInstance(String instance) {
        return found(() -> connection.get("/instance", id(instance), Wire.type(InstanceSnapshot.class)));
    }

    @Override
    public Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException {
        Duration left = wait;
        while (true) {
            Duration now = left.compareTo(ASK_AGAIN) > 0 ? ASK_AGAIN : left;
            Optional<InstanceSnapshot> its = found(() ->
                    connection.get("/instance/end", id(instance).and("wait", now), Wire.type(InstanceSnapshot.class)));
            left = left.minus(now);
            boolean ended = its.isEmpty() || its.get().status().isTerminal();
            if (ended || !left.isPositive()) {
                return its;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public List<Event> read(String instance) {
        return readWithExecution(instance, 0);
    }

    @Override
    public List<Event> readWithExecution(String instance, long executionId) {
        RemoteManagement its = managed();
        return found(() -> its.wholeHistory(instance, executionId)).orElse(List.of());
    }

    @Override
    public OptionalLong latestExecutionId(String instance) {
        return findInstance(instance)
                .map(its -> OptionalLong.of(its.executionId()))
                .orElse(OptionalLong.empty());
    }

    private RemoteManagement managed() {
        if (management == null) {
            throw new RekindleException(
                    ErrorCode.CAPABILITY_NOT_AVAILABLE,
                    "histories can't be read: '%s'; expected management behind the console, found none. Read where the store is."
                            .formatted(name()));
        }
        return management;
    }

    static Parameters id(String instance) {
        return Parameters.NONE.and("id", instance);
    }

    private static <T> Optional<T> found(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (RekindleException e) {
            if (e.code() == ErrorCode.INSTANCE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    // ---- for runtimes, which can't use it

    @Override
    public List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) {
        throw runsNothing();
    }

    @Override
    public TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        throw runsNothing();
    }

    @Override
    public void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
        throw runsNothing();
    }

    @Override
    public void appendWithExecution(String instance, long executionId, List<Event> events) {
        throw runsNothing();
    }

    @Override
    public void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        throw runsNothing();
    }

    @Override
    public List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) {
        throw runsNothing();
    }

    @Override
    public void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        throw runsNothing();
    }

    @Override
    public void abandonWorker(WorkLease lease, WorkAbandonment why) {
        throw runsNothing();
    }

    @Override
    public boolean renewWorker(WorkLease lease, @Nullable String heartbeat) {
        throw runsNothing();
    }

    @Override
    public boolean isStandby() {
        return false;
    }

    /** Does nothing: no node holds anything here. */
    @Override
    public void releaseNode(NodeId node) {}

    @Override
    public void close() {
        connection.close();
    }

    private RekindleException runsNothing() {
        return new RekindleException(
                ErrorCode.CAPABILITY_NOT_AVAILABLE,
                "nothing runs over HTTP: '%s'; expected a client, found a runtime. Open the store itself to run orchestrations."
                        .formatted(name()));
    }
}
