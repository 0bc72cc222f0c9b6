package dev.rekindle.testkit;

import dev.rekindle.provider.Capability;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.StoreImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The store of one test, the providers and nodes on it, and what the test has done with them. */
final class Bench {
    final TestClock clock = new TestClock();
    final Ledger ledger = new Ledger();
    private final List<Provider> open = new ArrayList<>();
    private final Map<TestNode, Provider> nodes = new ConcurrentHashMap<>();
    private boolean used;
    private @Nullable TestStore store;

    void set(TestStore opened) {
        store = opened;
    }

    TestStore store() {
        return Objects.requireNonNull(store, "not open yet");
    }

    void require(Trait... traits) {
        for (Trait trait : traits) {
            String reason = store().lacks().get(trait);
            if (reason != null) {
                throw new SkipCount.Lacking(trait, reason);
            }
        }
    }

    boolean has(Trait trait) {
        return !store().lacks().containsKey(trait);
    }

    Provider open() {
        return opened(store().open());
    }

    Provider opened(Provider provider) {
        used = true;
        open.add(provider);
        return provider;
    }

    /** A node on a provider of its own. */
    TestNode join(String id) {
        return node(open(), id);
    }

    /** One more node on a provider. */
    TestNode node(Provider provider, String id) {
        TestNode node = new TestNode(provider, id, ledger);
        nodes.put(node, provider);
        return node;
    }

    /** Ends a node's provider as its process' death would. */
    void crash(TestNode node) {
        store().crash(node.provider());
        forget(node.provider());
    }

    /** Closes a node's provider. */
    void close(TestNode node) {
        node.provider().close();
        forget(node.provider());
    }

    void silence(TestNode node) {
        store().silence(node.provider());
    }

    /** Moves the clock until others may take over what a silent node holds. */
    void moveToTakeover() {
        store().move(store().takeover());
    }

    void move(Duration by) {
        store().move(by);
    }

    private void forget(Provider provider) {
        open.remove(provider);
        nodes.values().remove(provider);
    }

    /** The nodes on providers that are open. */
    List<TestNode> nodes() {
        return List.copyOf(nodes.keySet());
    }

    /** A provider that is open, or can be opened. */
    Optional<Provider> anyProvider() {
        if (!open.isEmpty()) {
            return Optional.of(open.getLast());
        }
        return used && has(Trait.REOPENS) ? Optional.of(open()) : Optional.empty();
    }

    /** The capability, of a check that needs it. */
    static <C extends Capability> C capability(Provider provider, Class<C> type) {
        return provider.capability(type)
                .orElseThrow(() -> new AssertionError(
                        "%s has no %s, and lacks() does not say so".formatted(provider.name(), type.getSimpleName())));
    }

    static StoreImage image(Provider provider) {
        return capability(provider, InspectionCapability.class).inspect();
    }

    /** Closes all that is open, whatever became of it. */
    void close() {
        try {
            List.copyOf(open).forEach(Provider::close);
        } finally {
            TestStore made = store;
            if (made != null) {
                made.close();
            }
        }
    }
}
