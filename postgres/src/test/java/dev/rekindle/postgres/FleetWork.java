package dev.rekindle.postgres;

import dev.rekindle.Activity;
import dev.rekindle.ActivityContext;
import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a {@link Fleet} is given to do. Each instance goes through rounds, which it is told from outside to begin, and
 * returns a trace of all that it was given: what each activity returned, each message, in order.
 */
final class FleetWork {
    private static final Activity<String, String> STEP = Activity.named("Step", String.class, String.class);
    private static final Activity<String, String> HELD = Activity.named("Held", String.class, String.class);
    private static final Orchestration<String, String> CHILD = Orchestration.named("Child", String.class, String.class);
    private static final String ROUND = "round";
    private static final String PARCEL = "parcel";
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int WIDTH = 6;
    private static final int PARCELS = 3;

    private FleetWork() {}

    /** What an instance does. {@code activities}: how many in each round, those of its child included. */
    enum Kind {
        /** One after the other. */
        SEQUENCE(4),
        /** Several at once, joined. */
        FAN(WIDTH),
        /** A timer between two. */
        TIMER(2),
        /** A message from outside between two. */
        MESSAGE(2),
        /** All in a child. */
        CHILD(2),
        /** Continue-as-new after each of the messages that come at once: the others are carried over. */
        LOOP(PARCELS),
        /** One that takes until the test lets it end, between two. */
        HELD(3);

        private final int activities;

        Kind(int activities) {
            this.activities = activities;
        }

        int activities() {
            return activities;
        }

        /** The kind of the instance with this number. */
        static Kind of(int number) {
            return values()[number % values().length];
        }

        private Orchestration<State, String> definition() {
            return Orchestration.named("Fleet-" + this, State.class, String.class);
        }
    }

    /**
     * Where an instance is.
     *
     * @param rounds how many rounds there are
     * @param round the round that comes
     * @param parcels how many parcels it has taken in that round
     * @param trace what it was given so far
     */
    record State(int rounds, int round, int parcels, List<String> trace) {}

    /** What an activity runs. */
    interface Attempt {
        /** Tells of the attempt, and waits if it is held. */
        void run(ActivityContext ctx, int round, boolean held) throws InterruptedException;
    }

    // ---- the client's side

    static String id(int number) {
        return "fleet-" + number;
    }

    static void start(Client client, int number, int rounds) {
        client.start(Kind.of(number).definition(), id(number), new State(rounds, 1, 0, List.of()));
    }

    /** Tells an instance to begin a round, and gives it what it needs for that. */
    static void begin(Client client, int number, int round) {
        String id = id(number);
        switch (Kind.of(number)) {
            case MESSAGE -> {
                client.raiseEvent(id, PARCEL, parcel(round, 0));
                client.raiseEvent(id, ROUND, round);
            }
            case LOOP -> {
                client.raiseEvent(id, ROUND, round);
                for (int i = 0; i < PARCELS; i++) {
                    client.raiseEvent(id, PARCEL, parcel(round, i));
                }
            }
            case SEQUENCE, FAN, TIMER, CHILD, HELD -> client.raiseEvent(id, ROUND, round);
        }
    }

    static String result(Client client, int number, Duration patience) throws InterruptedException {
        return client.handle(Kind.of(number).definition(), id(number)).result(patience);
    }

    /** What an instance has to return. */
    static String expected(int number, int rounds) {
        List<String> trace = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            Kind kind = Kind.of(number);
            trace.add("round " + round);
            for (int i = 0; i < kind.activities(); i++) {
                if (kind == Kind.LOOP || (kind == Kind.MESSAGE && i == 1)) {
                    trace.add(parcel(round, kind == Kind.LOOP ? i : 0));
                }
                trace.add(done(label(round, i)));
            }
        }
        return String.join(", ", trace);
    }

    // ---- the nodes' side

    static Rekindle.Builder register(Rekindle.Builder node, Attempt attempt) {
        node.activity(STEP, (ctx, label) -> run(ctx, label, false, attempt))
                .activity(HELD, (ctx, label) -> run(ctx, label, true, attempt))
                .orchestration(CHILD, FleetWork::child);
        for (Kind kind : Kind.values()) {
            node.orchestration(
                    kind.definition(), (ctx, state) -> kind == Kind.LOOP ? loop(ctx, state) : rounds(ctx, state, kind));
        }
        return node;
    }

    private static String run(ActivityContext ctx, String label, boolean held, Attempt attempt)
            throws InterruptedException {
        attempt.run(ctx, Integer.parseInt(label.substring(0, label.indexOf('.'))), held);
        return done(label);
    }

    private static String rounds(OrchestrationContext ctx, State state, Kind kind) {
        List<String> trace = new ArrayList<>();
        for (int round = 1; round <= state.rounds(); round++) {
            trace.add("round " + ctx.event(ROUND, Integer.class).await());
            trace.addAll(
                    switch (kind) {
                        case SEQUENCE -> sequence(ctx, round);
                        case FAN -> fan(ctx, round);
                        case TIMER -> {
                            String before = step(ctx, round, 0);
                            ctx.sleep(PAUSE);
                            yield List.of(before, step(ctx, round, 1));
                        }
                        case MESSAGE ->
                            List.of(
                                    step(ctx, round, 0),
                                    ctx.event(PARCEL, String.class).await(),
                                    step(ctx, round, 1));
                        case CHILD -> List.of(ctx.callChild(CHILD, Integer.toString(round)));
                        case HELD -> List.of(step(ctx, round, 0), ctx.call(HELD, label(round, 1)), step(ctx, round, 2));
                        case LOOP -> throw new IllegalStateException("goes its own way");
                    });
        }
        return String.join(", ", trace);
    }

    private static List<String> sequence(OrchestrationContext ctx, int round) {
        return IntStream.range(0, Kind.SEQUENCE.activities())
                .mapToObj(i -> step(ctx, round, i))
                .toList();
    }

    private static List<String> fan(OrchestrationContext ctx, int round) {
        return ctx.<String>allOf(IntStream.range(0, WIDTH)
                        .mapToObj(i -> ctx.schedule(STEP, label(round, i)))
                        .toList())
                .await();
    }

    private static String child(OrchestrationContext ctx, String round) {
        return step(ctx, Integer.parseInt(round), 0) + ", " + step(ctx, Integer.parseInt(round), 1);
    }

    private static String loop(OrchestrationContext ctx, State state) {
        List<String> trace = new ArrayList<>(state.trace());
        if (state.parcels() == 0) {
            trace.add("round " + ctx.event(ROUND, Integer.class).await());
        }
        trace.add(ctx.event(PARCEL, String.class).await());
        trace.add(step(ctx, state.round(), state.parcels()));
        boolean last = state.parcels() + 1 == PARCELS;
        if (last && state.round() == state.rounds()) {
            return String.join(", ", trace);
        }
        State next = last
                ? new State(state.rounds(), state.round() + 1, 0, trace)
                : new State(state.rounds(), state.round(), state.parcels() + 1, trace);
        return ctx.continueAsNew(Kind.LOOP.definition(), next);
    }

    private static String step(OrchestrationContext ctx, int round, int number) {
        return ctx.call(STEP, label(round, number));
    }

    private static String label(int round, int number) {
        return round + "." + number;
    }

    private static String done(String label) {
        return label + " done";
    }

    private static String parcel(int round, int number) {
        return "parcel " + label(round, number);
    }
}
