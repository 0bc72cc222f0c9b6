package dev.rekindle.cli.operate;

import dev.rekindle.memory.BasicInMemoryProvider;
import dev.rekindle.memory.InMemoryProvider;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stores in memory that stay between commands: {@code test:NAME}, and {@code basic:NAME} without management. */
public final class TestStores implements ProviderFactory {
    private static final Map<String, Provider> OPEN = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public TestStores() {}

    @Override
    public boolean accepts(String url) {
        return url.startsWith("test:") || url.startsWith("basic:");
    }

    @Override
    public String urlForms() {
        return "test:NAME, basic:NAME";
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
                    try {
                        return method.invoke(provider, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
