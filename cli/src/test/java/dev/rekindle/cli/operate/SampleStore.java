package dev.rekindle.cli.operate;

import dev.rekindle.Client;
import dev.rekindle.Stores;
import dev.rekindle.cli.TestPostgres;
import dev.rekindle.console.Console;
import dev.rekindle.console.ConsoleOptions;
import dev.rekindle.provider.Provider;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A store for commands to work on.
 *
 * @param kind which kind of store it is
 * @param url where commands find it
 * @param place where it really is
 * @param name what it calls itself
 * @param closing ends what makes it reachable
 */
record SampleStore(Kind kind, String url, String place, String name, Runnable closing) implements AutoCloseable {
    /** The kinds that users have, and the one that lacks management. */
    enum Kind {
        SQLITE,
        POSTGRES,
        /** A SQLite file behind a console. */
        CONSOLE,
        BASIC
    }

    /**
     * A new one.
     *
     * @param filling is given the URL at which the store is filled
     */
    static SampleStore of(Kind kind, String name, Path folder, Consumer<String> filling) {
        String url = switch (kind) {
            case SQLITE, CONSOLE -> "sqlite:" + folder.resolve(name + ".db");
            case POSTGRES -> TestPostgres.url(name);
            case BASIC -> "basic:" + name;
        };
        filling.accept(url);
        return kind == Kind.CONSOLE ? behindAConsole(url) : at(kind, url, url, () -> {});
    }

    private static SampleStore behindAConsole(String url) {
        Provider provider = Stores.open(url);
        Console console = Console.start(Client.discover(provider), ConsoleOptions.DEFAULT.withPort(0));
        return at(Kind.CONSOLE, console.url(), url, () -> {
            console.close();
            provider.close();
        });
    }

    private static SampleStore at(Kind kind, String url, String place, Runnable closing) {
        try (Provider provider = Stores.open(url)) {
            return new SampleStore(kind, url, place, provider.name(), closing);
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
