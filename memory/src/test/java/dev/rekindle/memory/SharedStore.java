package dev.rekindle.memory;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that several providers share, as several processes share a server: each can be closed, die or fall
 * silent by itself. It shows that the checks which need that can be kept, and plays what a server would do.
 */
final class SharedStore implements TestStore {
    private static final Duration TAKEOVER = Duration.ofSeconds(10);
    private static final Duration SLICE = Duration.ofMillis(10);
    private static final Set<String> READS = Set.of(
            "name", "read", "readWithExecution", "latestExecutionId", "findInstance", "awaitInstance", "isStandby");

    private final TestClock clock;
    private final InMemoryProvider memory;
    private final List<Session> sessions = new ArrayList<>();

    SharedStore(TestClock clock) {
        this.clock = clock;
        this.memory = new InMemoryProvider(clock);
    }

    @Override
    public Map<Trait, String> lacks() {
        return Map.of(
                Trait.DAMAGE, "it holds objects, not text", Trait.SKEWED_CLOCKS, "there is one clock in one process");
    }

    @Override
    public Provider open() {
        Session session = new Session();
        sessions.add(session);
        return session.proxy();
    }

    @Override
    public void move(Duration by) {
        clock.move(by);
        sessions.forEach(Session::bury);
        memory.clockMoved();
    }

    @Override
    public Duration takeover() {
        return TAKEOVER;
    }

    @Override
    public void crash(Provider provider) {
        Session session = of(provider);
        session.ended = true;
        session.silentSince = clock.instant();
    }

    @Override
    public void silence(Provider provider) {
        of(provider).silentSince = clock.instant();
    }

    @Override
    public void loseNextAnswer(Provider provider) {
        of(provider).losesAnswer = true;
    }

    @Override
    public void close() {
        memory.close();
    }

    private Session of(Provider provider) {
        return (Session) Proxy.getInvocationHandler(provider);
    }

    /** One provider of several. */
    private final class Session implements InvocationHandler {
        private final Set<NodeId> nodes = ConcurrentHashMap.newKeySet();
        private volatile boolean ended;
        private volatile boolean losesAnswer;
        private volatile @Nullable Instant silentSince;

        Provider proxy() {
            return (Provider)
                    Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Provider.class}, this);
        }

        /** Ends the leases of a session that has been silent for too long. */
        void bury() {
            Instant since = silentSince;
            if (since != null && !clock.instant().isBefore(since.plus(TAKEOVER))) {
                nodes.forEach(memory::nodeDied);
                nodes.clear();
            }
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            Object[] given = arguments == null ? new Object[0] : arguments;
            return switch (method.getName()) {
                case "equals" -> equals(Proxy.getInvocationHandler(given[0]));
                case "hashCode" -> hashCode();
                case "toString" -> "session";
                case "close" -> close();
                case "capability" -> guarded((Class<?>) given[0]);
                default -> call(method, given);
            };
        }

        private @Nullable Object close() {
            if (!ended) {
                ended = true;
                nodes.forEach(memory::releaseNode);
            }
            return null;
        }

        private @Nullable Object call(Method method, Object[] given) throws Throwable {
            checkOpen();
            Object answer = switch (method.getName()) {
                case "fetchOrchestrationItem", "dequeueWorkerPeekLock" -> fetch(method, (FetchRequest) given[0]);
                case "awaitInstance" -> await(method, (String) given[0], (Duration) given[1]);
                default -> forward(method, given);
            };
            if (losesAnswer && !READS.contains(method.getName())) {
                losesAnswer = false;
                throw new RekindleException(ErrorCode.STORE_UNAVAILABLE, "the connection died: 'memory'");
            }
            return answer;
        }

        private Object fetch(Method method, FetchRequest request) throws Throwable {
            nodes.add(request.node());
            Duration left = request.maxWait();
            while (true) {
                Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
                List<?> items = (List<?>) Objects.requireNonNull(
                        forward(method, new FetchRequest(request.node(), request.maxItems(), slice)));
                left = left.minus(slice);
                if (!items.isEmpty() || left.isZero()) {
                    return items;
                }
                checkOpen();
            }
        }

        private Object await(Method method, String instance, Duration wait) throws Throwable {
            Duration left = wait;
            while (true) {
                Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
                Optional<?> found = (Optional<?>) Objects.requireNonNull(forward(method, instance, slice));
                left = left.minus(slice);
                boolean ended = found.isEmpty()
                        || ((InstanceSnapshot) found.get()).status().isTerminal();
                if (ended || left.isZero()) {
                    return found;
                }
                checkOpen();
            }
        }

        /** A capability of the store that ends with this session. */
        private Optional<?> guarded(Class<?> type) {
            if (!type.isInstance(memory)) {
                return Optional.empty();
            }
            return Optional.of(Proxy.newProxyInstance(
                    Session.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                        checkOpen();
                        Object[] given = arguments == null ? new Object[0] : arguments;
                        return type == EagerStartCapability.class ? call(method, given) : forward(method, given);
                    }));
        }

        private @Nullable Object forward(Method method, Object... given) throws Throwable {
            try {
                return method.invoke(memory, given);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void checkOpen() {
            if (ended) {
                throw ProviderErrors.closed("memory");
            }
        }
    }
}
