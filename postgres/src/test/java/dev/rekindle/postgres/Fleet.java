package dev.rekindle.postgres;

import dev.rekindle.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Nodes as real processes on one store, and what their logs say. Used by one thread. */
final class Fleet implements AutoCloseable {
    private final Path folder;
    private final String url;
    private final List<Member> members = new ArrayList<>();

    /** The activities of each round that have returned at least once. */
    private final Map<Integer, Set<String>> ended = new HashMap<>();

    Fleet(Path folder, String url) {
        this.folder = folder;
        this.url = url;
    }

    /** Code that ran. {@code to} is {@link Long#MAX_VALUE} while it does. {@code held}: it ends when the test lets it. */
    record Run(String key, int round, boolean held, long from, long to) {}

    /** A time in which the leases of a node may have gone to others without its knowing. */
    private record Doubt(long from, long to) {}

    /** A node, dead or alive. */
    static final class Member {
        private final String name;
        private final JavaProcess process;
        private final FleetLog.Reader log;
        private final Map<String, Run> open = new HashMap<>();
        private final List<Run> over = new ArrayList<>();
        private final List<Long> placeLost = new ArrayList<>();
        private boolean running;
        private long place;
        private long refused;
        private long takenOver;

        private final List<Doubt> doubts = new ArrayList<>();
        private boolean dead;

        private Member(String name, JavaProcess process, FleetLog.Reader log) {
            this.name = name;
            this.process = process;
            this.log = log;
        }

        JavaProcess process() {
            return process;
        }

        boolean isRunning() {
            return running;
        }

        /** The key of its row in the store. */
        long place() {
            return place;
        }

        long refused() {
            return refused;
        }

        long takenOver() {
            return takenOver;
        }

        /** The activities of a round that are under way here until the test lets them end. */
        Set<String> held(int round) {
            Set<String> keys = new HashSet<>();
            open.values().stream()
                    .filter(run -> run.held() && run.round() == round)
                    .forEach(run -> keys.add(run.key()));
            return keys;
        }

        /** All that ran here. */
        List<Run> runs() {
            List<Run> all = new ArrayList<>(over);
            all.addAll(open.values());
            return all;
        }

        /** Whether others may run what this node began at one time, before it has ended, from another time on. */
        boolean mayBeRepeated(long begun, long from) {
            return doubts.stream().anyMatch(doubt -> doubt.from() <= from && begun <= doubt.to())
                    || placeLost.stream().anyMatch(lost -> begun <= lost);
        }

        /** From now on its leases may go to others. */
        void doubt() {
            doubts.add(new Doubt(System.nanoTime(), Long.MAX_VALUE));
        }

        /** What begins from now on is its own again. */
        void trust() {
            doubts.add(new Doubt(doubts.removeLast().from(), System.nanoTime()));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Starts another node. */
    Member launch() throws IOException {
        String name = "node-" + (members.size() + 1);
        Path log = folder.resolve(name + ".log");
        Member member = new Member(
                name, JavaProcess.start(folder, FleetNode.class, url, folder, log), new FleetLog.Reader(log));
        members.add(member);
        return member;
    }

    /** All that were ever launched. */
    List<Member> all() {
        return members;
    }

    List<Member> living() {
        return members.stream().filter(member -> !member.dead).toList();
    }

    /** Ends a node as a power cut would. */
    void kill(Member member) throws InterruptedException {
        member.doubt();
        member.process.kill();
        member.dead = true;
    }

    /** Asks a node to end, and to hand back what it has. */
    void dismiss(Member member) throws IOException {
        member.doubt();
        member.process.endInput();
        member.dead = true;
    }

    /** The living node that holds most activities of a round. */
    Member busiest(int round) {
        return living().stream()
                .max(Comparator.comparingInt(member -> member.held(round).size()))
                .orElseThrow();
    }

    /** How many different activities of a round have returned. */
    int ended(int round) {
        return ended.getOrDefault(round, Set.of()).size();
    }

    /** When somebody else began an activity after a time; {@link Long#MAX_VALUE} when nobody has. */
    long begunElsewhere(String key, Member not, long after) {
        return members.stream()
                .filter(member -> member != not)
                .flatMap(member -> member.runs().stream())
                .filter(run -> run.key().equals(key) && run.from() > after)
                .mapToLong(Run::from)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Waits until something is true that follows from what the nodes do. */
    void until(String what, BooleanSupplier condition) throws InterruptedException {
        living().getLast().process.until(what, () -> {
            read();
            return condition.getAsBoolean();
        });
    }

    /** Reads what the nodes have told. */
    void read() {
        members.forEach(member -> member.log.news().forEach(line -> take(member, line)));
    }

    private void take(Member member, FleetLog.Line line) {
        switch (line.what()) {
            case RUNNING -> member.running = true;
            case PLACE -> {
                if (member.place != 0) {
                    member.placeLost.add(line.at());
                }
                member.place = line.number();
            }
            case REFUSED -> member.refused = line.number();
            case TOOK_OVER -> member.takenOver = line.number();
            case BEGUN, HELD ->
                member.open.put(
                        line.key(),
                        new Run(
                                line.key(),
                                line.round(),
                                line.what() == FleetLog.What.HELD,
                                line.at(),
                                Long.MAX_VALUE));
            case ENDED -> {
                Run run = member.open.remove(line.key());
                if (run != null) {
                    member.over.add(new Run(run.key(), run.round(), run.held(), run.from(), line.at()));
                }
                ended.computeIfAbsent(line.round(), round -> new HashSet<>()).add(line.key());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Member member : members) {
            member.process.close();
        }
    }
}
