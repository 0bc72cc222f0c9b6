package dev.rekindle.memory;

import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens stores without management by a URL, and remembers them. */
public final class BasicStores implements ProviderFactory {
    static final String URL = "basic:";
    static final List<Provider> OPENED = new CopyOnWriteArrayList<>();

    @Override
    public boolean accepts(String url) {
        return url.equals(URL);
    }

    @Override
    public String urlForms() {
        return URL;
    }

    @Override
    public Provider open(String url) {
        Provider opened = new BasicInMemoryProvider();
        OPENED.add(opened);
        return opened;
    }
}
