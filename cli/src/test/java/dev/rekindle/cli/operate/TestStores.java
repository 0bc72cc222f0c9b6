package dev.rekindle.cli.operate;

import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.memory.BasicInMemoryProvider;
import dev.rekindle.memory.InMemoryProvider;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores in memory that stay between commands: {@code test:NAME}, {@code basic:NAME} without management, and {@code
 * unmeasured:NAME} with management but without figures.
 */
public final class TestStores implements ProviderFactory {
    private static final String UNMEASURED = "unmeasured:";
    private static final Map<String, Provider> OPEN = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public TestStores() {}

    @Override
    public boolean accepts(String url) {
        return url.startsWith("test:") || url.startsWith("basic:") || url.startsWith(UNMEASURED);
    }

    @Override
    public String urlForms() {
        return "test:NAME, basic:NAME, unmeasured:NAME";
    }

    @Override
    public Provider open(String url) {
        Provider provider = OPEN.computeIfAbsent(
                url, key -> key.startsWith("basic:") ? new BasicInMemoryProvider() : new InMemoryProvider());
        return (Provider) Proxy.newProxyInstance(
                TestStores.class.getClassLoader(), new Class<?>[] {Provider.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (url.startsWith(UNMEASURED)
                            && List.of(args == null ? new Object[0] : args).contains(AnalyticsCapability.class)) {
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(provider, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
