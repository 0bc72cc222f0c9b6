package dev.rekindle.cli.operate;

import static dev.rekindle.cli.operate.SampleInstance.ago;
import static dev.rekindle.cli.operate.SampleInstance.runOf;

import dev.rekindle.Client;
import dev.rekindle.Failure;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.LatencyBuckets;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A small shop's instances: one of each kind that an operator meets. */
final class Samples {
    /** The present. It lies ahead of every real clock, so that what is to come here is to come for the store too. */
    static final Instant NOW = Instant.parse("2100-01-05T12:00:00Z");

    private static final String ORDER = """
        {"id":"%s","item":"lamp","quantity":2}\
        """;
    private static final Orchestration<String, String> PARCEL =
            Orchestration.named("Parcel", String.class, String.class);
    private static final Failure REFUSED = new Failure(
            "java.io.IOException",
            "connection refused: payments.example:443",
            "java.io.IOException: connection refused: payments.example:443\n"
                    + "\tat shop.Payments.charge(Payments.java:42)",
            true);

    private Samples() {}

    /** Fills a store with them. */
    static void importInto(String url, List<InstanceExport> instances) {
        try (Provider provider = Stores.open(url)) {
            ManagementCapability management =
                    provider.capability(ManagementCapability.class).orElseThrow();
            instances.forEach(management::importInstance);
        }
    }

    /** Adds what nodes would have measured in the minutes before. */
    static void measureIn(String url) {
        try (Provider provider = Stores.open(url)) {
            provider.capability(AnalyticsCapability.class)
                    .orElseThrow()
                    .addMeasurements(List.of(
                            measured(
                                    new Subject(Subject.Kind.ORCHESTRATION, "ProcessOrder", ""),
                                    Status.COMPLETED,
                                    2_400,
                                    90),
                            measured(
                                    new Subject(Subject.Kind.ORCHESTRATION, "ProcessOrder", ""),
                                    Status.FAILED,
                                    9_000,
                                    10),
                            measured(
                                    new Subject(Subject.Kind.ACTIVITY, "ProcessOrder", "Charge"),
                                    Status.COMPLETED,
                                    120,
                                    95),
                            measured(
                                    new Subject(Subject.Kind.EVENT, "ProcessOrder", "approval"),
                                    Status.COMPLETED,
                                    60_000,
                                    3)));
        }
    }

    private static Measurement measured(Subject subject, Status outcome, long millis, long count) {
        return new Measurement(
                Resolution.MINUTE,
                NOW.minusSeconds(120),
                subject,
                outcome,
                LatencyBuckets.of(millis),
                new Totals(count, count * millis, count * millis / 10, count * millis / 4));
    }

    /**
     * Leaves messages in a store that nobody took: a node ran the instance they were for, and it ended without a look at
     * them. It is deleted again.
     */
    private static void leaveUntaken(String url, Object... messages) {
        try (Provider provider = Stores.open(url)) {
            Client client = Client.discover(provider);
            client.startOrchestration(PARCEL.name(), PARCEL.name(), "null");
            List.of(messages).forEach(message -> client.raiseEvent(PARCEL.name(), "address", message));
            try (Rekindle node = node(provider)) {
                node.client().awaitEnd(PARCEL.name(), Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            client.management().delete(List.of(PARCEL.name()), DeleteOptions.CAREFUL);
        }
    }

    /** A node for whoever has a parcel to send. */
    static Rekindle node(Provider provider) {
        return Rekindle.on(provider)
                .orchestration(PARCEL, (ctx, nothing) -> "sent")
                .start();
    }

    /** In the order in which they were started. */
    static List<InstanceExport> shop() {
        return List.of(
                completed(),
                failed(),
                trip(),
                hotel(),
                flight(),
                billing(),
                waiting(),
                retrying(),
                stuck(),
                suspended(),
                pending());
    }

    private static InstanceExport completed() {
        Instant at = ago(Duration.ofDays(2));
        return new SampleInstance("order-1", "ProcessOrder", at)
                .attribute("customer", "ada")
                .began(at.plusMillis(3), ORDER.formatted("order-1"))
                .then(id -> new Event.ActivityScheduled(id, at.plusMillis(3), "Reserve", ORDER.formatted("order-1")))
                .then(id -> new Event.ActivityCompleted(
                        id, at.plusMillis(25), 2, "\"hold-17\"", new AttemptInfo(1, at.plusMillis(5), null)))
                .then(id -> new Event.CustomStatusSet(id, at.plusMillis(25), "\"reserved as hold-17\""))
                .then(id -> new Event.EventAwaited(id, at.plusMillis(25), "approval"))
                .then(id -> new Event.EventRaised(id, at.plusSeconds(60), "approval", "{\"by\":\"Ada\"}"))
                .then(id -> new Event.ActivityScheduled(id, at.plusSeconds(60), "Charge", ORDER.formatted("order-1")))
                .then(id -> new Event.ActivityCompleted(
                        id,
                        at.plusSeconds(63),
                        7,
                        receipt(),
                        new AttemptInfo(2, at.plusSeconds(62).plusMillis(500), REFUSED)))
                .then(id -> new Event.OrchestrationCompleted(id, at.plusSeconds(63), receipt()))
                .export();
    }

    private static String receipt() {
        return """
            {"id":"order-1","cents":4998,"lines":[{"item":"lamp","quantity":2,"cents":2499,"note":"with a warm light"},\
            {"item":"gift wrapping","quantity":1,"cents":0,"note":"blue paper, please"}],"total":49.980}\
            """;
    }

    private static InstanceExport failed() {
        Instant at = ago(Duration.ofHours(26));
        return new SampleInstance("order-2", "ProcessOrder", at)
                .attribute("customer", "bob")
                .began(at.plusMillis(2), ORDER.formatted("order-2"))
                .then(id -> new Event.ActivityScheduled(id, at.plusMillis(2), "Charge", ORDER.formatted("order-2")))
                .then(id -> new Event.ActivityFailed(
                        id, at.plusSeconds(9), 2, REFUSED, new AttemptInfo(5, at.plusSeconds(8), REFUSED)))
                .then(id -> new Event.OrchestrationFailed(
                        id,
                        at.plusSeconds(9),
                        new Failure(
                                "ACTIVITY_FAILED",
                                "activity 'Charge' failed: java.io.IOException: connection refused:"
                                        + " payments.example:443",
                                null,
                                false)))
                .export();
    }

    private static InstanceExport trip() {
        Instant at = ago(Duration.ofHours(3));
        return new SampleInstance("trip-1", "BookTrip", at)
                .began(at.plusMillis(1), "{\"to\":\"Reykjavík\"}")
                .then(id -> child(id, at, "trip-1-hotel", "BookHotel"))
                .then(id -> child(id, at, "trip-1-flight", "BookFlight"))
                .then(id -> new Event.ChildCompleted(id, at.plusSeconds(5), 2, "\"room 12\""))
                .export();
    }

    private static Event child(long id, Instant at, String instance, String orchestration) {
        return new Event.ChildScheduled(
                id, at.plusMillis(1), instance, runOf(instance), orchestration, "1.0", "{\"nights\":3}");
    }

    private static InstanceExport hotel() {
        Instant at = ago(Duration.ofHours(3)).plusMillis(2);
        return new SampleInstance("trip-1-hotel", "BookHotel", at)
                .childOf("trip-1", 2)
                .began(at, "{\"nights\":3}")
                .then(id -> new Event.OrchestrationCompleted(id, at.plusSeconds(5), "\"room 12\""))
                .export();
    }

    private static InstanceExport flight() {
        Instant at = ago(Duration.ofHours(3)).plusMillis(3);
        return new SampleInstance("trip-1-flight", "BookFlight", at)
                .childOf("trip-1", 3)
                .began(at, "{\"nights\":3}")
                .sleeps(at, NOW.plus(Duration.ofMinutes(30)))
                .export();
    }

    private static InstanceExport billing() {
        Instant at = ago(Duration.ofHours(2).plusMinutes(5));
        SampleInstance billing = new SampleInstance("billing", "Billing", at);
        for (int month = 10; month < 12; month++) {
            String input = "{\"month\":" + month + "}";
            String next = "{\"month\":" + (month + 1) + "}";
            billing.began(at, input)
                    .then(id -> new Event.OrchestrationContinuedAsNew(id, at.plusSeconds(1), "1.0", next));
        }
        return billing.began(at.plusSeconds(2), "{\"month\":12}")
                .sleeps(at.plusSeconds(2), NOW.plus(Duration.ofDays(20)))
                .export();
    }

    private static InstanceExport waiting() {
        Instant at = ago(Duration.ofHours(2));
        return new SampleInstance("order-3", "ProcessOrder", at)
                .attribute("customer", "ada")
                .began(at, ORDER.formatted("order-3"))
                .then(id -> new Event.CustomStatusSet(id, at, "\"waiting for approval\""))
                .awaits(at, "approval", NOW.plus(Duration.ofDays(3)).plus(Duration.ofHours(2)))
                .export();
    }

    private static InstanceExport retrying() {
        Instant at = ago(Duration.ofMinutes(40));
        return new SampleInstance("order-4", "ProcessOrder", at)
                .began(at, ORDER.formatted("order-4"))
                .queues(at, "Charge", ORDER.formatted("order-4"), 4, REFUSED)
                .queues(at, "Notify", "\"order-4\"", 1, null)
                .export();
    }

    private static InstanceExport stuck() {
        Instant at = ago(Duration.ofMinutes(30));
        return new SampleInstance("order-5", "ProcessOrder", at)
                .began(at, ORDER.formatted("order-5"))
                .then(id -> new Event.ActivityScheduled(id, at, "Reserve", ORDER.formatted("order-5")))
                .then(id -> new Event.ActivityCompleted(id, at.plusSeconds(1), 2, "\"hold-18\""))
                .is(
                        Status.STUCK,
                        "HISTORY_MISMATCH event 2: expected ActivityScheduled 'Reserve', found ActivityScheduled"
                                + " 'Hold'")
                .export();
    }

    private static InstanceExport suspended() {
        Instant at = ago(Duration.ofMinutes(20));
        return new SampleInstance("order-6", "ProcessOrder", at)
                .began(at, ORDER.formatted("order-6"))
                .awaits(at, "approval", NOW.plus(Duration.ofDays(9)))
                .is(Status.SUSPENDED, "audit")
                .export();
    }

    private static InstanceExport pending() {
        return new SampleInstance("order-7", "ProcessOrder", ago(Duration.ofSeconds(8)))
                .waitsToStart(ORDER.formatted("order-7"))
                .export();
    }

    /** Dead letters of an honest sender, and one of somebody else. */
    static void leaveDeadLetters(String url) {
        leaveUntaken(url, Map.of("street", "Rose Lane 5"), "Elm Street 7");
        leaveUntaken(url, ATTACK);
    }

    /** Text that wants to command the terminal, or to look like something else, wherever text can be. */
    static List<InstanceExport> hostile() {
        Instant at = ago(Duration.ofMinutes(1));
        Failure failure = new Failure("evil.\u001b[31mError", ATTACK, ATTACK, true);
        String payload = "{\"text\":\"" + JSON_ATTACK + "\",\"raw\":\"\u009b2J\u202e\"}";
        return List.of(
                new SampleInstance("a\u202eb\u2066; rm -rf $(x)`y`", "Evil'; DROP TABLE instance; --\u200b", at)
                        .attribute("n\u202e", "<script>alert(1)</script>")
                        .began(at, payload)
                        .then(id -> new Event.CustomStatusSet(id, at, "\"" + JSON_ATTACK + "\""))
                        .then(id -> new Event.EventRaised(id, at, ATTACK, payload))
                        .then(id -> new Event.CancelRequested(id, at, ATTACK))
                        .queues(at, ATTACK, payload, 2, failure)
                        .is(Status.STUCK, ATTACK)
                        .export(),
                new SampleInstance("failed", "Evil", at)
                        .began(at, payload)
                        .then(id -> new Event.OrchestrationFailed(id, at, failure))
                        .export());
    }

    /** Clears the screen, sets the title, colours, hides, breaks lines, writes backwards. */
    private static final String ATTACK = "\u001b[2J\u001b]0;owned\u0007\u001b[31mred\u001b[8m\r\n"
            + "Status: Completed\u009b1A\u202eesrever\u007f @|red x|@ %s %n";

    private static final String JSON_ATTACK = "\\u001b[2J\\u001b]0;owned\\u0007\\r\\n\\u009b1A\\u202e";
}
