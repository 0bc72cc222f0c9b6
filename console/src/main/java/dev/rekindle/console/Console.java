package dev.rekindle.console;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.console.wire.Wire;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.time.InstantSource;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web console and its HTTP API, on a port of this process. It shows and changes what its client reaches, whether or not
 * anything runs there. Thread-safe.
 *
 * <pre>{@code
 * try (Console console = Console.start(rekindle.client())) {
 *     System.out.println(console.url());
 *     …
 * }
 * }</pre>
 */
public final class Console implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private final Javalin server;
    private final Live live;
    private final String host;

    private Console(Client client, ConsoleOptions options, InstantSource clock, Live.Pace pace) {
        options.checkSafe();
        Guard guard = new Guard(options, clock);
        Reading reading = new Reading(client, new Redaction(options.redactor()));
        Changes changes = new Changes(client, reading, options, clock);
        Assets assets = new Assets();
        this.host = options.host();
        this.live = new Live(pace);
        Api api = new Api(reading, changes, guard);
        Pages pages = new Pages(reading, changes, guard, live, assets, clock);
        this.server = Javalin.create(config -> {
            configure(config);
            config.routes.before(guard::check);
            assets.addTo(config.routes);
            pages.addTo(config.routes);
            api.addTo(config.routes);
            report(config, pages);
        });
        try {
            server.start(options.host(), options.port());
        } catch (JavalinBindException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "can't listen on '%s:%d'; expected a free port of this machine. Choose another, or 0 for any."
                            .formatted(options.host(), options.port()),
                    e);
        }
    }

    /**
     * Starts a console with the {@linkplain ConsoleOptions#DEFAULT defaults}: on loopback, port {@value
     * ConsoleOptions#DEFAULT_PORT}.
     *
     * @throws RekindleException as {@link #start(Client, ConsoleOptions)} does
     */
    public static Console start(Client client) {
        return start(client, ConsoleOptions.DEFAULT);
    }

    /**
     * Starts a console. It stays up until it is closed; the client's store stays open then.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the port is taken, or when other machines could reach it
     *     without a token
     */
    public static Console start(Client client, ConsoleOptions options) {
        return start(client, options, InstantSource.system(), Live.Pace.DEFAULT);
    }

    /** Starts a console that takes the time from this clock and follows what is watched at this pace. */
    static Console start(Client client, ConsoleOptions options, InstantSource clock, Live.Pace pace) {
        return new Console(client, options, clock, pace);
    }

    /** Where a browser on this machine finds it. */
    public String url() {
        return "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, server.port());
    }

    /** Ends it; pages that follow the store are told that it is gone by the connection's end. Repeating it does nothing. */
    @Override
    public void close() {
        live.close();
        server.stop();
    }

    /** For tests. */
    Live live() {
        return live;
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        config.router.ignoreTrailingSlashes = false;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
        });
        config.jetty.modifyServer(jetty -> {
            ErrorHandler plain = new ErrorHandler();
            plain.setShowStacks(false);
            plain.setShowCauses(false);
            plain.setShowMessageInTitle(false);
            jetty.setErrorHandler(plain);
            jetty.setStopTimeout(0);
        });
    }

    // ---- errors

    private static void report(JavalinConfig config, Pages pages) {
        config.routes.exception(Refusal.class, (refusal, request) -> {
            if (refusal.status() == 401
                    && !request.path().startsWith("/api")
                    && request.method().name().equals("GET")) {
                request.redirect("/login");
            } else {
                answer(request, pages, refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
            }
        });
        config.routes.exception(
                RekindleException.class,
                (known, request) -> answer(
                        request,
                        pages,
                        Refusal.statusOf(known.code()),
                        known.code().name(),
                        String.valueOf(known.getMessage())));
        config.routes.exception(
                HttpResponseException.class,
                (http, request) -> answer(
                        request,
                        pages,
                        http.getStatus(),
                        http.getStatus() == 404 ? "NOT_FOUND" : "HTTP_" + http.getStatus(),
                        http.getStatus() == 404 ? "There is nothing here." : "This can't be asked here in this way."));
        config.routes.exception(Exception.class, (unexpected, request) -> {
            LOG.error("{} {} failed", request.method(), request.path(), unexpected);
            answer(request, pages, 500, "UNEXPECTED", "Something went wrong that nobody saw coming. The log has it.");
        });
    }

    private static void answer(Context request, Pages pages, int status, String code, String message) {
        request.status(status);
        if (request.path().equals("/api") || request.path().startsWith("/api/")) {
            Api.json(request, Wire.write(new Wire.Problem(code, message)));
        } else if (status == 421 || status == 401) {
            request.contentType("text/plain; charset=utf-8").result(message);
        } else {
            request.contentType("text/html; charset=utf-8").result(pages.troublePage(request, status, message));
        }
    }
}
