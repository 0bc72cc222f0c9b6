import dev.rekindle.console.client.RemoteProviderFactory;
import dev.rekindle.provider.ProviderFactory;

/** The web console, its HTTP API, and the provider that reaches a store through that API. */
module dev.rekindle.console {
    requires io.javalin;
    requires java.net.http;
    requires tools.jackson.databind;
    requires transitive dev.rekindle;
    requires static transitive org.jspecify;

    exports dev.rekindle.console;
    exports dev.rekindle.console.client;

    opens dev.rekindle.console.wire to
            tools.jackson.databind;

    provides ProviderFactory with
            RemoteProviderFactory;
}
