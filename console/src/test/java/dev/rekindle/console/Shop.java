package dev.rekindle.console;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.DurableFuture;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.PendingWait;
import dev.rekindle.memory.BasicInMemoryProvider;
import dev.rekindle.memory.InMemoryProvider;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A store in which orders are processed, and a console of it that is called over HTTP. */
final class Shop implements AutoCloseable {
    static final Activity<String, String> RESERVE = Activity.named("Reserve", String.class, String.class);
    static final Activity<String, String> CHARGE = Activity.named("Charge", String.class, String.class);
    static final Activity<String, String> CALL_CARRIER = Activity.named("CallCarrier", String.class, String.class);
    static final Orchestration<String, String> ORDER = Orchestration.named("ProcessOrder", String.class, String.class);
    static final Orchestration<String, String> BASKET =
            Orchestration.named("ProcessBasket", String.class, String.class);
    static final Orchestration<String, String> REFUSED = Orchestration.named("RefuseOrder", String.class, String.class);
    static final Orchestration<String, String> TWO_KEYS = Orchestration.named("OpenSafe", String.class, String.class);
    static final Activity<String, String> PACK = Activity.named("Pack", String.class, String.class);
    static final Orchestration<String, String> SHIP = Orchestration.named("ShipParcel", String.class, String.class);
    static final Orchestration<String, String> PICKUP =
            Orchestration.named("ArrangePickup", String.class, String.class);
    static final Orchestration<String, String> QUOTE = Orchestration.named("SendQuote", String.class, String.class);
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Provider provider;
    final Client client;
    final Console console;
    final List<Audit.Change> audit = new CopyOnWriteArrayList<>();
    final AtomicBoolean carrierAnswers = new AtomicBoolean();
    private final Rekindle rekindle;
    private final HttpClient http = HttpClient.newHttpClient();

    private Shop(Provider provider, UnaryOperator<ConsoleOptions> change) {
        this.provider = provider;
        AtomicInteger charges = new AtomicInteger();
        this.rekindle = Rekindle.on(provider)
                .activity(RESERVE, (ctx, item) -> "hold-" + item)
                .activity(CHARGE, (ctx, hold) -> {
                    if (charges.incrementAndGet() % 2 == 1) {
                        throw new IllegalStateException("the bank did not answer <at all>");
                    }
                    return "charged " + hold;
                })
                .orchestration(ORDER, (ctx, item) -> {
                    String hold = ctx.call(RESERVE, item);
                    ctx.setCustomStatus("reserved as " + hold);
                    String by = ctx.event("approval", String.class).await(Duration.ofDays(3));
                    return ctx.call(CHARGE, hold, retry -> retry.maxAttempts(3).backoff(Duration.ofMillis(20)))
                            + ", approved by " + by;
                })
                .orchestration(BASKET, (ctx, basket) -> {
                    DurableFuture<String> lamp = ctx.scheduleChild(ORDER, basket + "/lamp", "lamp");
                    DurableFuture<String> chair = ctx.scheduleChild(ORDER, basket + "/chair", "chair");
                    return lamp.await() + "; " + chair.await();
                })
                .orchestration(REFUSED, (ctx, why) -> {
                    throw new IllegalArgumentException("refused: " + why);
                })
                .orchestration(
                        TWO_KEYS,
                        (ctx, safe) -> ctx.event("first-key", String.class).await()
                                + " and "
                                + ctx.event("second-key", String.class).await())
                .orchestration(SHIP, (ctx, parcel) -> ctx.call(PACK, parcel))
                .activity(CALL_CARRIER, (ctx, parcel) -> {
                    if (!carrierAnswers.get()) {
                        throw new IllegalStateException("the carrier's line is busy");
                    }
                    return parcel + " is picked up";
                })
                .orchestration(
                        PICKUP,
                        (ctx, parcel) -> ctx.call(
                                CALL_CARRIER,
                                parcel,
                                retry -> retry.maxAttempts(5).backoff(Duration.ofHours(1))))
                .orchestration(QUOTE, (ctx, item) -> {
                    String hold = ctx.call(RESERVE, item);
                    return ctx.call(CHARGE, hold);
                })
                .start();
        this.client = rekindle.client();
        this.console = Console.start(
                client,
                change.apply(ConsoleOptions.DEFAULT.withPort(0).withAudit(audit::add)),
                InstantSource.system(),
                new Live.Pace(Duration.ofMillis(50), Duration.ofMillis(200)));
    }

    static Shop open() {
        return open(options -> options);
    }

    static Shop open(UnaryOperator<ConsoleOptions> change) {
        return new Shop(new InMemoryProvider(), change);
    }

    /** On a store that speaks SQL. */
    static Shop onSqlite() {
        return new Shop(Stores.open("sqlite::memory:"), options -> options);
    }

    /** A quote that waits was begun by code that then was changed: it is stuck as soon as it goes on. */
    static Shop openAfterAChangeOfCode(String quote) throws InterruptedException {
        InMemoryProvider provider = new InMemoryProvider();
        try (Rekindle before = Rekindle.on(provider)
                .activity(RESERVE, (ctx, item) -> "hold-" + item)
                .orchestration(QUOTE, (ctx, item) -> {
                    String hold = ctx.call(RESERVE, item);
                    ctx.event("approval", String.class).await();
                    return hold;
                })
                .start()) {
            before.client().start(QUOTE, quote, "lamp");
            Waiting.until(() -> before.client().management().why(quote).waits().stream()
                    .anyMatch(wait -> wait.kind() == PendingWait.Kind.EVENT));
        }
        Shop shop = new Shop(provider, options -> options);
        shop.client.raiseEvent(quote, "approval", "Ada");
        Waiting.until(() -> shop.client
                .getStatus(quote)
                .filter(its -> its.status() == Status.STUCK)
                .isPresent());
        return shop;
    }

    static Shop withoutManagement() {
        return new Shop(new BasicInMemoryProvider(), options -> options);
    }

    /** Starts an instance whose activity no node has code for, and waits until that is known. */
    void unpacked(String id) throws InterruptedException {
        client.start(SHIP, id, "lamp");
        ActivityQuery put = ActivityQuery.ALL.withActivity(PACK.name()).withRetryingOnly(true);
        Waiting.until(() -> !client.management()
                .activities(put, PageRequest.first(1))
                .items()
                .isEmpty());
    }

    /** Starts an order and waits until it waits for its approval. */
    void order(String id) throws InterruptedException {
        client.start(ORDER, id, "lamp", options -> options.attribute("customer", "c-17"));
        awaitStatus(id, "\"reserved as hold-lamp\"");
    }

    void awaitStatus(String id, String customStatus) throws InterruptedException {
        Waiting.until(() -> client.getStatus(id)
                .map(InstanceSnapshot::customStatus)
                .filter(customStatus::equals)
                .isPresent());
    }

    Status end(String id) throws InterruptedException {
        return client.awaitEnd(id, PATIENCE).status();
    }

    String url(String path) {
        return console.url() + path.substring(1);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(
                headers(HttpRequest.newBuilder(URI.create(url(path))), headers).GET());
    }

    HttpResponse<String> post(String path, String json, String... headers) {
        return send(headers(HttpRequest.newBuilder(URI.create(url(path))), headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** As a form of a page of the console sends it. */
    HttpResponse<String> submit(String path, Map<String, String> fields, String... headers) {
        String form = get("/start", headers).body();
        int at = form.indexOf(Guard.FORM_SECRET + "\" value=\"") + Guard.FORM_SECRET.length() + 9;
        return submitWith(form.substring(at, form.indexOf('"', at)), path, fields, headers);
    }

    HttpResponse<String> submitWith(String secret, String path, Map<String, String> fields, String... headers) {
        Parameters all = Parameters.NONE.and(Guard.FORM_SECRET, secret);
        for (Map.Entry<String, String> field : fields.entrySet()) {
            all = all.and(field.getKey(), field.getValue());
        }
        return send(headers(HttpRequest.newBuilder(URI.create(url(path))), headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(all.encoded())));
    }

    private static HttpRequest.Builder headers(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        console.close();
        rekindle.close();
        provider.close();
        http.close();
    }
}
