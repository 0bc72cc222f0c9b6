package dev.rekindle.memory;

import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.TurnCommit.DeadLetter;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** What nobody could take. Guarded by the gate's lock. */
final class DeadLetters {
    private record Buried(DeadLetter letter, Instant at) {}

    private final DueTasks due;
    private final TreeMap<Long, Buried> byKey = new TreeMap<>();
    private long lastKey;

    DeadLetters(DueTasks due) {
        this.due = due;
    }

    void add(DeadLetter letter) {
        byKey.put(++lastKey, new Buried(letter, due.now()));
    }

    /** All, oldest first. */
    List<DeadLetter> all() {
        return byKey.values().stream().map(Buried::letter).toList();
    }

    int size() {
        return byKey.size();
    }

    Page<DeadLetterInfo> page(PageRequest page) {
        List<DeadLetterInfo> rest =
                byKey.headMap(Cursor.of(page, Long.MAX_VALUE), false).descendingMap().entrySet().stream()
                        .limit(page.limit() + 1L)
                        .map(entry -> info(entry.getKey(), entry.getValue()))
                        .toList();
        return Cursor.page(rest, page, DeadLetterInfo::key);
    }

    /** Removes those that there are of these. Returns how many. */
    long remove(List<Long> keys) {
        return keys.stream().filter(key -> byKey.remove(key) != null).count();
    }

    private static DeadLetterInfo info(long key, Buried buried) {
        DeadLetter letter = buried.letter();
        return new DeadLetterInfo(
                key,
                letter.work().instance(),
                letter.work().runId(),
                letter.reason(),
                buried.at(),
                JsonText.ofWork(letter.work()));
    }
}
