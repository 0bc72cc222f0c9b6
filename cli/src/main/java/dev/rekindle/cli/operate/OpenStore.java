package dev.rekindle.cli.operate;

import dev.rekindle.Client;
import dev.rekindle.Management;
import dev.rekindle.Stores;
import dev.rekindle.provider.Provider;

/**
 * A store that a command works on.
 *
 * @param url where it is
 */
record OpenStore(String url, Provider provider, Client client) implements AutoCloseable {

    static OpenStore open(String url) {
        Provider provider = Stores.open(url);
        return new OpenStore(url, provider, Client.discover(provider));
    }

    /**
     * What manages it.
     *
     * @throws dev.rekindle.CapabilityNotAvailableException when it has no management
     */
    Management management() {
        return client.management();
    }

    @Override
    public void close() {
        provider.close();
    }
}
