package dev.rekindle;

import dev.rekindle.analytics.Analytics;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.Management;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The control plane: starts instances, sends them messages, asks how they stand. It runs nothing itself and works in any
 * process that reaches the store. Immutable and thread-safe; closing the provider is up to who opened it.
 *
 * <p>What a provider can do beyond that are capabilities. A client has those that it was given or, when it was made by
 * {@link #discover}, those that its provider has; where one is missing, its methods throw {@link
 * CapabilityNotAvailableException} and everything else works.
 */
public final class Client {
    private final Provider provider;
    private final Map<Class<? extends Capability>, Capability> given;
    private final boolean discovering;
    private final Codec codec;
    private final InstantSource clock;
    private final Consumer<WorkItem.StartOrchestration> starter;

    private Client(Builder builder, Provider provider) {
        this.provider = provider;
        this.given = Map.copyOf(builder.given);
        this.discovering = builder.discovering;
        this.codec = builder.codec;
        this.clock = builder.clock;
        this.starter = builder.starter != null
                ? builder.starter
                : start -> provider.enqueueOrchestratorWork(start, Duration.ZERO);
    }

    /** A client with the control plane only. */
    public Client(Provider provider) {
        this(builder(), provider);
    }

    /** A client that manages through the given object, which may be another one than the provider. */
    public static Client withManagement(Provider provider, ManagementCapability management) {
        return builder().provider(provider).management(management).build();
    }

    /** A client of a provider that has management itself, checked by the compiler. */
    public static <P extends Provider & ManagementCapability> Client fromProviderWithManagement(P provider) {
        return withManagement(provider, provider);
    }

    /** A client with every capability that the provider has. */
    public static Client discover(Provider provider) {
        return builder().provider(provider).discover().build();
    }

    /** Where a client with chosen capabilities or its own codec is put together. */
    public static Builder builder() {
        return new Builder();
    }

    /** Which store this is a client of, for people: the {@linkplain Provider#name() name} of its provider. */
    public String store() {
        return provider.name();
    }

    // ---- control plane

    /**
     * Starts an instance.
     *
     * @return a handle to wait for its result with
     * @throws RekindleException {@link ErrorCode#INSTANCE_EXISTS} when the id is taken; nothing is changed then. {@link
     *     ErrorCode#LIMIT_EXCEEDED}, {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#PAYLOAD_MISMATCH} for bad
     *     input
     */
    public <I, O> InstanceHandle<O> start(Orchestration<I, O> orchestration, String instance, I input) {
        return start(orchestration, instance, input, options -> options);
    }

    /**
     * Starts an instance with options: {@code options -> options.attribute("customer", "c-17")}.
     *
     * @return a handle to wait for its result with
     * @throws RekindleException as {@link #start(Orchestration, String, Object)} does
     */
    public <I, O> InstanceHandle<O> start(
            Orchestration<I, O> orchestration, String instance, I input, UnaryOperator<StartOptions> options) {
        enqueueStart(
                instance,
                orchestration.name(),
                orchestration.version(),
                codec.encode(input),
                options.apply(StartOptions.DEFAULT));
        return handle(orchestration, instance);
    }

    /** The handle of an instance that was started before. Nothing is looked up. */
    public <O> InstanceHandle<O> handle(Orchestration<?, O> orchestration, String instance) {
        return new InstanceHandle<>(provider, codec, orchestration.output(), Limits.checkInstanceId(instance));
    }

    /**
     * Starts an instance by name, in the latest version that the node which runs its first turn has.
     *
     * @param input the input as JSON
     * @throws RekindleException as {@link #start} does
     */
    public void startOrchestration(String instance, String orchestration, String input) {
        startOrchestration(instance, orchestration, "", input, options -> options);
    }

    /**
     * Starts an instance by name.
     *
     * @param version the version to run; empty for the latest that the node which runs its first turn has
     * @param input the input as JSON
     * @throws RekindleException as {@link #start} does
     */
    public void startOrchestration(
            String instance, String orchestration, String version, String input, UnaryOperator<StartOptions> options) {
        codec.decode(input, Object.class);
        enqueueStart(
                instance,
                Limits.checkName("orchestration name", orchestration),
                version.isEmpty() ? version : Limits.checkName("version", version),
                input,
                options.apply(StartOptions.DEFAULT));
    }

    /** The instance as it stands, or empty when it does not exist. */
    public Optional<InstanceSnapshot> getStatus(String instance) {
        return provider.findInstance(Limits.checkInstanceId(instance));
    }

    /**
     * Waits for an instance to end.
     *
     * @return the instance as it stands then or when the time is over
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND}
     * @throws InterruptedException when the calling thread is interrupted
     */
    public InstanceSnapshot awaitEnd(String instance, Duration timeout) throws InterruptedException {
        return provider.awaitInstance(Limits.checkInstanceId(instance), Durations.bounded(timeout))
                .orElseThrow(() -> ProviderErrors.notFound(instance));
    }

    /**
     * Sends a message to a channel of an instance. It is kept until the code takes it.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND} or {@link ErrorCode#INSTANCE_ENDED} when nobody
     *     could take it; {@link ErrorCode#PAYLOAD_MISMATCH} or {@link ErrorCode#LIMIT_EXCEEDED} for bad input
     */
    public void raiseEvent(String instance, String channel, @Nullable Object payload) {
        enqueue(new WorkItem.RaiseEvent(
                Limits.checkInstanceId(instance),
                null,
                Limits.checkName("channel", channel),
                Limits.checkPayload("event for '" + instance + "'", codec.encode(payload))));
    }

    /**
     * Asks an instance to cancel. Its code is told at its next wait and may compensate.
     *
     * @param reason why, for people
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND} or {@link ErrorCode#INSTANCE_ENDED}
     */
    public void cancel(String instance, String reason) {
        enqueue(new WorkItem.CancelInstance(Limits.checkInstanceId(instance), null, checkReason(reason)));
    }

    /**
     * Ends an instance at once, without asking its code.
     *
     * @param reason why, for people
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND} or {@link ErrorCode#INSTANCE_ENDED}
     */
    public void terminate(String instance, String reason) {
        enqueue(new WorkItem.TerminateInstance(Limits.checkInstanceId(instance), null, checkReason(reason)));
    }

    /**
     * Sends a message that somebody else composed, for what carries messages to a store over a distance.
     *
     * @throws RekindleException as {@link Provider#enqueueOrchestratorWork} does
     */
    public void send(WorkItem.OrchestratorWork work, Duration delay) {
        provider.enqueueOrchestratorWork(work, delay);
    }

    // ---- management

    /**
     * The ids of all instances at once, newest first: for small stores and tests. {@link Management#instances} gives
     * pages.
     *
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public List<String> listAllInstances() {
        return capabilityToRead().listInstances();
    }

    /**
     * The ids of all instances in a status at once, newest first.
     *
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public List<String> listInstancesByStatus(Status status) {
        return capabilityToRead().listInstancesByStatus(status);
    }

    /**
     * The numbers of an instance's executions, ascending.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND}
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public List<Long> listExecutions(String instance) {
        return capabilityToRead().listExecutions(instance);
    }

    /**
     * One instance.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND}
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public InstanceInfo getInstanceInfo(String instance) {
        return capabilityToRead().getInstanceInfo(instance);
    }

    /**
     * One execution of an instance.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND}, also when it has no such execution
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public ExecutionInfo getExecutionInfo(String instance, long executionId) {
        return capabilityToRead().getExecutionInfo(instance, executionId);
    }

    /**
     * The history of one execution.
     *
     * @throws RekindleException {@link ErrorCode#INSTANCE_NOT_FOUND}, also when it has no such execution
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public List<Event> readExecutionHistory(String instance, long executionId) {
        return capabilityToRead().readExecutionHistory(instance, executionId);
    }

    /**
     * Counts over the whole store.
     *
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public SystemMetrics getSystemMetrics() {
        return capabilityToRead().getSystemMetrics();
    }

    /**
     * How much waits in the queues.
     *
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public QueueDepths getQueueDepths() {
        return capabilityToRead().getQueueDepths();
    }

    /**
     * What operators do with instances, beyond looking at them. It reads from this client's management capability, and
     * changes things through the provider's own where it has one: a replica can be handed over to read from.
     *
     * @throws CapabilityNotAvailableException when this client has no management
     */
    public Management management() {
        ManagementCapability reading = capabilityToRead();
        ManagementCapability changing =
                provider.capability(ManagementCapability.class).orElse(reading);
        return new Management(provider, reading, changing, codec, clock);
    }

    /**
     * How often, how long, and where time went.
     *
     * @throws CapabilityNotAvailableException when this client has no analytics
     */
    public Analytics analytics() {
        return new Analytics(requireCapability(AnalyticsCapability.class), clock);
    }

    /** Whether the management methods work. */
    public boolean hasManagementCapability() {
        return capability(ManagementCapability.class).isPresent();
    }

    // ---- capabilities

    /** The capability of this type, if this client has it. */
    public <C extends Capability> Optional<C> capability(Class<C> type) {
        Capability found = given.get(type);
        if (found != null) {
            return Optional.of(type.cast(found));
        }
        return discovering ? provider.capability(type) : Optional.empty();
    }

    /**
     * The capability of this type.
     *
     * @throws CapabilityNotAvailableException when this client does not have it
     */
    public <C extends Capability> C requireCapability(Class<C> type) {
        return capability(type).orElseThrow(() -> new CapabilityNotAvailableException(type, provider.name()));
    }

    private ManagementCapability capabilityToRead() {
        return requireCapability(ManagementCapability.class);
    }

    private void enqueueStart(
            String instance, String orchestration, String version, String input, StartOptions options) {
        WorkItem.StartOrchestration start = new WorkItem.StartOrchestration(
                Limits.checkInstanceId(instance),
                UUID.randomUUID().toString(),
                orchestration,
                version,
                Limits.checkPayload("input of '" + instance + "'", input),
                null,
                options.attributes(),
                null);
        if (options.delay().isZero()) {
            starter.accept(start);
        } else {
            provider.enqueueOrchestratorWork(start, options.delay());
        }
    }

    private void enqueue(WorkItem.OrchestratorWork work) {
        provider.enqueueOrchestratorWork(work, Duration.ZERO);
    }

    private static String checkReason(String reason) {
        return Limits.checkName("reason", reason);
    }

    /** Puts a {@link Client} together. Not thread-safe. */
    public static final class Builder {
        private final Map<Class<? extends Capability>, Capability> given = new LinkedHashMap<>();
        private @Nullable Provider provider;
        private boolean discovering;
        private Codec codec = Codec.json();
        private InstantSource clock = InstantSource.system();
        private @Nullable Consumer<WorkItem.StartOrchestration> starter;

        private Builder() {}

        /** The provider; the only thing that has to be given. */
        public Builder provider(Provider provider) {
            this.provider = provider;
            return this;
        }

        /** Manage through this object. */
        public Builder management(ManagementCapability management) {
            return capability(ManagementCapability.class, management);
        }

        /** Use this object for a capability. */
        public <C extends Capability> Builder capability(Class<C> type, C capability) {
            given.put(type, capability);
            return this;
        }

        /** Use every capability that the provider has and that is not given otherwise. */
        public Builder discover() {
            this.discovering = true;
            return this;
        }

        /** How values become payloads; {@link Codec#json()} unless it is set. */
        public Builder codec(Codec codec) {
            this.codec = codec;
            return this;
        }

        /** Tells what is due by now, for {@link Client#management()}; the system's clock unless it is set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Starts without a delay go this way, not straight to the provider. */
        Builder startingThrough(Consumer<WorkItem.StartOrchestration> way) {
            this.starter = way;
            return this;
        }

        /**
         * The client.
         *
         * @throws RekindleException "Provider required" when none was given
         */
        public Client build() {
            if (provider == null) {
                throw new RekindleException(ErrorCode.INVALID_ARGUMENT, "Provider required", true);
            }
            return new Client(this, provider);
        }
    }
}
