/** A store that lives as long as its process: for tests, and for trying things out. */
module dev.rekindle.memory {
    requires transitive dev.rekindle;
    requires static org.jspecify;

    exports dev.rekindle.memory;

    provides dev.rekindle.provider.ProviderFactory with
            dev.rekindle.memory.InMemoryProviderFactory;
}
