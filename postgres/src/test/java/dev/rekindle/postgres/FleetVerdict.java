package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.testkit.SoundStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What has to be true when a {@link Fleet} has done its work, whatever happened to it on the way. */
final class FleetVerdict {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private FleetVerdict() {}

    /** Every instance has returned what it has to: all messages in order, the result of each step once. */
    static void checkResults(Client client, int instances, int rounds) throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        for (int number = 0; number < instances; number++) {
            String result = FleetWork.result(client, number, PATIENCE);
            if (!result.equals(FleetWork.expected(number, rounds))) {
                wrong.add(FleetWork.id(number) + ": " + result);
            }
        }
        assertThat(wrong).as("instances with a wrong result").isEmpty();
    }

    /** The store is sound, all in it has completed, and each activity stands in history as completed once. */
    static void checkStore(StoreImage image, int instances, int rounds) {
        SoundStore.check(image);
        assertThat(image.deadLetters()).as("dead letters").isEmpty();
        long activities = 0;
        List<String> problems = new ArrayList<>();
        for (StoreImage.StoredInstance its : image.instances()) {
            if (its.snapshot().status() != Status.COMPLETED || its.snapshot().problem() != null) {
                problems.add(its.snapshot().toString());
            }
            for (List<Event> history : its.histories().values()) {
                activities += completedOnce(its.snapshot().instance(), history, problems);
            }
        }
        assertThat(problems).as("what did not go well").isEmpty();
        assertThat(activities).as("activities that completed").isEqualTo((long) rounds * activitiesOfARound(instances));
    }

    /** How many activities all instances together have in a round. */
    static int activitiesOfARound(int instances) {
        return IntStream.range(0, instances)
                .map(number -> FleetWork.Kind.of(number).activities())
                .sum();
    }

    private static int completedOnce(String instance, List<Event> history, List<String> problems) {
        Map<Long, Integer> completions = new HashMap<>();
        for (Event event : history) {
            switch (event) {
                case Event.ActivityScheduled scheduled -> completions.put(scheduled.id(), 0);
                case Event.ActivityCompleted completed -> completions.merge(completed.scheduledId(), 1, Integer::sum);
                default -> {}
            }
        }
        completions.forEach((id, count) -> {
            if (count != 1) {
                problems.add("%s: activity %d completed %d times".formatted(instance, id, count));
            }
        });
        return completions.size();
    }

    /**
     * Nothing ran under two owners: an activity runs again while it may still be running only after its node was killed,
     * frozen, dismissed, or had lost its place. Returns how many activities ran again.
     */
    static int checkOwners(Fleet fleet) {
        Map<String, List<Owned>> byActivity = new HashMap<>();
        for (Fleet.Member member : fleet.all()) {
            for (Fleet.Run run : member.runs()) {
                byActivity.computeIfAbsent(run.key(), key -> new ArrayList<>()).add(new Owned(member, run));
            }
        }
        List<String> overlaps = new ArrayList<>();
        int again = 0;
        for (List<Owned> owned : byActivity.values()) {
            owned.sort(Comparator.comparingLong(one -> one.run().from()));
            again += owned.size() > 1 ? 1 : 0;
            for (int i = 1; i < owned.size(); i++) {
                for (Owned before : owned.subList(0, i)) {
                    Fleet.Run later = owned.get(i).run();
                    if (before.run().to() > later.from()
                            && !before.member().mayBeRepeated(before.run().from(), later.from())) {
                        overlaps.add(before + " and " + owned.get(i));
                    }
                }
            }
        }
        assertThat(overlaps).as("activities that ran under two owners").isEmpty();
        return again;
    }

    /** Code that ran, and where. */
    private record Owned(Fleet.Member member, Fleet.Run run) {}
}
