import dev.rekindle.provider.ProviderFactory;

/** Durable orchestration as a library: what users write against, the provider SPI and its capabilities. */
module dev.rekindle {
    requires transitive org.slf4j;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.rekindle;
    exports dev.rekindle.analytics;
    exports dev.rekindle.management;
    exports dev.rekindle.provider;

    uses ProviderFactory;
}
