package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Four nodes on one server, and all the trouble that they can have. All instances are in flight from the first round to
 * the last; each round brings one fault, in the midst of its work: there are always activities under way which only end
 * when the test says so. Used by one thread.
 */
final class FleetRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRun.class);
    private static final int NODES = 4;
    private static final int CUTS = 4;

    private final Path folder;
    private final Form form;
    private final OwnServer server;
    private final Fleet fleet;
    private final PostgresProvider provider;
    private final Client client;
    private final int activities;
    private final List<Duration> takeovers = new ArrayList<>();

    /** What happens in a round. */
    enum Fault {
        /** A node is killed, and another one started. */
        KILL,
        /** A node stands still until others have its work, and then goes on. */
        FREEZE,
        /** The server crashes, and is started again a little later. */
        SERVER_CRASH,
        /** The server crashes, and is away for longer than nodes wait until they tell their callers. */
        SERVER_AWAY,
        /** All connections are cut, again and again. */
        CUTS,
        /** All nodes but one are asked to end; the one stood still before, if such a one lives. */
        LEAVE
    }

    /**
     * How much of it.
     *
     * @param instances how many instances
     * @param takeover how long a node may be silent
     * @param progress how much of a round is done when its fault strikes, from 0 to 1
     * @param faults one for each round
     */
    record Form(int instances, Duration takeover, double progress, List<Fault> faults) {}

    FleetRun(Path folder, Form form) throws IOException {
        this.folder = folder;
        this.form = form;
        this.server = OwnServer.start(folder);
        String url = server.url("takeover=" + form.takeover().toSeconds());
        this.fleet = new Fleet(folder, url);
        this.provider = PostgresProvider.open(url);
        this.client = provider.client();
        this.activities = FleetVerdict.activitiesOfARound(form.instances());
    }

    /** Goes through all rounds. Returns how long it took until the work of nodes that died or stood still was taken over. */
    List<Duration> run() throws Exception {
        for (int i = 0; i < NODES; i++) {
            fleet.launch();
        }
        fleet.until("all nodes run", () -> fleet.living().stream().allMatch(Fleet.Member::isRunning));
        int rounds = form.faults().size();
        forEachInstance(number -> FleetWork.start(client, number, rounds));
        for (int round = 1; round <= rounds; round++) {
            take(round);
        }
        FleetVerdict.checkResults(client, form.instances(), rounds);
        FleetVerdict.checkStore(provider.inspect(), form.instances(), rounds);
        fleet.read();
        int again = FleetVerdict.checkOwners(fleet);
        long refused = fleet.all().stream().mapToLong(Fleet.Member::refused).sum();
        LOG.info("Refused {} writes of stale nodes; {} activities ran more than once", refused, again);
        return takeovers;
    }

    private void take(int round) throws Exception {
        long start = System.nanoTime();
        Fault fault = form.faults().get(round - 1);
        forEachInstance(number -> FleetWork.begin(client, number, round));
        fleet.until(
                "activities of round " + round + " under way",
                () -> fleet.ended(round) >= form.progress() * activities
                        && !fleet.busiest(round).held(round).isEmpty());
        int done = fleet.ended(round);
        switch (fault) {
            case KILL -> kill(round);
            case FREEZE -> freeze(round);
            case SERVER_CRASH -> crash(round, false);
            case SERVER_AWAY -> crash(round, true);
            case CUTS -> cut(round);
            case LEAVE -> leave(round);
        }
        awaitEnd(round);
        LOG.info(
                "Round {}: {} after {} of {} activities; all done after {} ms",
                round,
                fault,
                done,
                activities,
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void awaitEnd(int round) throws InterruptedException {
        fleet.until("the end of round " + round, () -> fleet.ended(round) == activities);
    }

    private void kill(int round) throws Exception {
        Fleet.Member victim = fleet.busiest(round);
        Set<String> held = victim.held(round);
        long since = System.nanoTime();
        fleet.kill(victim);
        fleet.launch();
        awaitTakeover("killed", victim, held, since);
        openGate(round);
    }

    private void freeze(int round) throws Exception {
        Fleet.Member victim = fleet.busiest(round);
        Fleet.Member other = fleet.living().stream()
                .filter(member -> member != victim)
                .findFirst()
                .orElseThrow();
        Set<String> held = victim.held(round);
        long place = victim.place();
        long refused = victim.refused();
        long since = System.nanoTime();
        victim.doubt();
        victim.process().freeze();
        awaitTakeover("frozen", victim, held, since);
        openGate(round);
        other.process().until("the end of the round without " + victim, () -> {
            fleet.read();
            return fleet.ended(round) == activities;
        });
        victim.process().thaw();
        fleet.until("writes of " + victim + " are refused", () -> victim.refused() > refused);
        fleet.until(victim + " has a new place", () -> victim.place() != place);
        victim.trust();
    }

    /** Waits until all that a node had under way runs elsewhere. */
    private void awaitTakeover(String what, Fleet.Member victim, Set<String> held, long since)
            throws InterruptedException {
        fleet.living().stream()
                .filter(member -> member != victim)
                .findFirst()
                .orElseThrow()
                .process()
                .until("others do what was under way", () -> {
                    fleet.read();
                    return held.stream().allMatch(key -> fleet.begunElsewhere(key, victim, since) < Long.MAX_VALUE);
                });
        Duration first = Duration.ofNanos(held.stream()
                        .mapToLong(key -> fleet.begunElsewhere(key, victim, since))
                        .min()
                        .orElseThrow()
                - since);
        takeovers.add(first);
        LOG.info(
                "{} was {}, {} activities under way: taken over after {} ms",
                victim,
                what,
                held.size(),
                first.toMillis());
    }

    /** The activities end while the server is away. */
    private void crash(int round, boolean isLong) throws Exception {
        int before = fleet.ended(round);
        server.crash();
        openGate(round);
        fleet.until("an activity ends while the server is away", () -> fleet.ended(round) > before);
        if (isLong) {
            assertThatThrownBy(() -> client.raiseEvent("nobody", "round", 0))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
        fleet.read();
        int ended = fleet.ended(round);
        server.startAgain();
        long up = System.nanoTime();
        fleet.until("work goes on", () -> fleet.ended(round) > ended);
        LOG.info(
                "Work went on {} ms after the server was back",
                Duration.ofNanos(System.nanoTime() - up).toMillis());
    }

    private void cut(int round) throws Exception {
        for (int i = 1; i <= CUTS; i++) {
            int enough = Math.min(activities - 1, fleet.ended(round) + (activities - fleet.ended(round)) / CUTS);
            fleet.until("there are connections to cut", () -> server.cutConnections() > 0);
            openGate(round);
            fleet.until("work goes on after cut " + i, () -> fleet.ended(round) >= enough);
        }
    }

    private void leave(int round) throws Exception {
        Fleet.Member last = fleet.living().stream()
                .max(Comparator.comparingLong(Fleet.Member::refused))
                .orElseThrow();
        Set<String> held = last.held(round);
        for (Fleet.Member member : fleet.living()) {
            if (member != last) {
                fleet.read();
                held.addAll(member.held(round));
                fleet.dismiss(member);
                assertThat(member.process().exitCode())
                        .as("exit code of %s", member)
                        .isZero();
            }
        }
        assertThat(server.value("SELECT string_agg(key::text, ' ') FROM rekindle.node WHERE key <> 0 AND key <> "
                        + provider.nodeKey()))
                .as("the places that are left")
                .isEqualTo(Long.toString(last.place()));
        fleet.until(
                "the last one does what was under way", () -> last.held(round).containsAll(held));
        openGate(round);
    }

    private void openGate(int round) throws IOException {
        Path gate = FleetNode.gate(folder, round);
        if (!Files.exists(gate)) {
            Files.createFile(gate);
        }
    }

    private void forEachInstance(IntConsumer action) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = IntStream.range(0, form.instances())
                    .mapToObj(number -> threads.submit(() -> {
                        action.accept(number);
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> one : all) {
                one.get();
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (server;
                provider;
                fleet) {
            LOG.info("The end");
        }
    }
}
