package dev.rekindle;

import dev.rekindle.provider.Provider;
import dev.rekindle.runtime.Node;
import dev.rekindle.runtime.Registry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A running node: the code that was registered, running on a store. Thread-safe.
 *
 * <pre>{@code
 * try (Rekindle rekindle = Rekindle.open("sqlite:orders.db")
 *         .activity(RESERVE, (ctx, order) -> warehouse.reserve(order))
 *         .orchestration(PROCESS, Shop::process)
 *         .start()) {
 *     rekindle.client().start(PROCESS, "order-1", order).result(Duration.ofMinutes(1));
 * }
 * }</pre>
 */
public final class Rekindle implements AutoCloseable {
    private final Provider provider;
    private final boolean ownsProvider;
    private final Node node;
    private final Client client;

    private Rekindle(Builder builder, Provider provider, Registry registry) {
        this.provider = provider;
        this.ownsProvider = builder.ownsProvider;
        this.node = new Node(provider, registry, builder.codec, builder.options, builder.clock);
        this.client = Client.builder()
                .provider(provider)
                .discover()
                .codec(builder.codec)
                .clock(builder.clock)
                .startingThrough(node::begin)
                .build();
    }

    /**
     * Runs on the store of a URL, for example {@code sqlite:orders.db} or {@code postgresql://host/database}. It is opened when
     * the node {@linkplain Builder#start starts}, and closed with it.
     */
    public static Builder open(String url) {
        Objects.requireNonNull(url, "url");
        return new Builder(() -> Stores.open(url), true);
    }

    /** Runs on a provider that stays the caller's to close. */
    public static Builder on(Provider provider) {
        Objects.requireNonNull(provider, "provider");
        return new Builder(() -> provider, false);
    }

    /**
     * A client of the same store, with every capability that its provider has. What it starts begins on this node where that
     * is possible: its code runs until it waits, and that is committed together with the start.
     */
    public Client client() {
        return client;
    }

    /**
     * Whether another process runs this store's instances at the moment, so that this one waits to take over; false until
     * this node has first asked the store for work.
     */
    public boolean isStandby() {
        return provider.isStandby();
    }

    /** What this node has done since it started. */
    public RuntimeMetrics metrics() {
        return node.metrics();
    }

    /**
     * Stops taking work, lets turns and activities under way end within {@link RekindleOptions#shutdownTimeout()},
     * interrupts the rest, hands all leases back and closes a store that {@link #open} opened. Nothing is lost: what was
     * interrupted runs again. Repeating it does nothing.
     */
    @Override
    public void close() {
        try {
            node.close();
        } finally {
            if (ownsProvider) {
                provider.close();
            }
        }
    }

    /** Registers code and starts a node. It holds nothing that would have to be closed. Not thread-safe. */
    public static final class Builder {
        private final Supplier<Provider> store;
        private final boolean ownsProvider;
        private final Registry.Builder registry = Registry.builder();
        private final List<RetentionPolicy> retention = new ArrayList<>();
        private Codec codec = Codec.json();
        private RekindleOptions options = RekindleOptions.DEFAULT;
        private InstantSource clock = InstantSource.system();

        private Builder(Supplier<Provider> store, boolean ownsProvider) {
            this.store = store;
            this.ownsProvider = ownsProvider;
        }

        /**
         * Registers the code of an activity.
         *
         * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} when the name is registered already
         */
        public <I, O> Builder activity(Activity<I, O> activity, ActivityFunction<? super I, ? extends O> code) {
            registry.activity(activity, code);
            return this;
        }

        /**
         * Registers the code of one version of an orchestration.
         *
         * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} when name and version are registered already
         */
        public <I, O> Builder orchestration(
                Orchestration<I, O> orchestration, OrchestrationFunction<? super I, ? extends O> code) {
            registry.orchestration(orchestration, code);
            return this;
        }

        /** Changes options: {@code options -> options.maxConcurrentActivities(16)}. */
        public Builder options(UnaryOperator<RekindleOptions> change) {
            this.options = change.apply(options);
            return this;
        }

        /** How values become payloads; {@link Codec#json()} unless it is set. */
        public Builder codec(Codec codec) {
            this.codec = codec;
            return this;
        }

        /** The node's clock, which stamps events and tells {@code ctx.now()}; the system's unless it is set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Deletes instances by themselves, some time after their end. Several policies may be given; the shortest one that
         * fits an instance decides.
         */
        public Builder retention(RetentionPolicy policy) {
            retention.add(policy);
            return this;
        }

        /**
         * Starts the node. It takes work at once, and goes on with what was interrupted before. When it can't be started, a
         * store that was opened for it is closed again.
         *
         * @throws RekindleException {@link ErrorCode#UNKNOWN_STORE} when no installed provider knows the URL that
         *     {@link Rekindle#open} was given, or what the provider says of the store
         * @throws CapabilityNotAvailableException when there is a {@linkplain #retention retention policy} and the provider
         *     has no management
         */
        public Rekindle start() {
            Registry code = registry.build();
            Rekindle rekindle = new Rekindle(this, store.get(), code);
            try {
                if (!retention.isEmpty()) {
                    rekindle.node.retain(rekindle.client.management(), retention);
                }
                rekindle.node.start();
                return rekindle;
            } catch (RuntimeException | Error e) {
                rekindle.close();
                throw e;
            }
        }
    }
}
