package dev.rekindle.cli.operate;

import dev.rekindle.Client;
import dev.rekindle.Stores;
import dev.rekindle.management.Management;
import dev.rekindle.provider.Provider;
import java.time.InstantSource;

/**
 * A store that a command works on.
 *
 * @param url where it is
 */
record OpenStore(String url, Provider provider, Client client) implements AutoCloseable {

    static OpenStore open(String url, InstantSource clock) {
        Provider provider = Stores.open(url);
        Client client =
                Client.builder().provider(provider).discover().clock(clock).build();
        return new OpenStore(url, provider, client);
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
