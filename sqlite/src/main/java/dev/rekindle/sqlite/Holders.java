package dev.rekindle.sqlite;

import dev.rekindle.management.NodeInfo;
import dev.rekindle.provider.NodeId;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who holds what of a file, as far as this process knows. Thread-safe. */
interface Holders {
    /** Knows nothing: for whoever only has a file. */
    Holders NOBODY = new Holders() {
        @Override
        public @Nullable String ofInstance(long key) {
            return null;
        }

        @Override
        public @Nullable String ofActivity(long key) {
            return null;
        }

        @Override
        public @Nullable Instant notBefore(long key, long now) {
            return null;
        }

        @Override
        public List<NodeInfo> nodes(StoreTable.Owner owner) {
            return List.of(new NodeInfo(owner.node(), owner.since(), null, false, 0, 0, false));
        }
    };

    /** The node that holds the instance with this key. */
    @Nullable
    String ofInstance(long key);

    /** The node that holds the activity with this key. */
    @Nullable
    String ofActivity(long key);

    /** When the instance with this key is tried again, if that is still to come. */
    @Nullable
    Instant notBefore(long key, long now);

    /** The nodes of a file whose owner is, or was, this one. */
    List<NodeInfo> nodes(StoreTable.Owner owner);

    /** Knows what the owner knows, while this process is it. */
    record OfOwner(Board board, Optional<LockFile> lockFile) implements Holders {
        @Override
        public @Nullable String ofInstance(long key) {
            return under(() -> {
                Instance known = board.instances.find(key);
                return known == null ? null : name(known.node);
            });
        }

        @Override
        public @Nullable String ofActivity(long key) {
            return under(() -> name(board.work.holder(key)));
        }

        @Override
        public @Nullable Instant notBefore(long key, long now) {
            return under(() -> {
                Instance known = board.instances.find(key);
                return known == null || known.notBefore <= now ? null : Instant.ofEpochMilli(known.notBefore);
            });
        }

        /** Leases are counted by node; several nodes of one process are one owner. */
        @Override
        public List<NodeInfo> nodes(StoreTable.Owner owner) {
            if (!board.isOwner()) {
                boolean alive =
                        !owner.released() && lockFile.map(LockFile::isOwned).orElse(false);
                return List.of(new NodeInfo(owner.node(), owner.since(), null, alive, 0, 0, !alive));
            }
            return under(() -> {
                Map<String, Long> instances = new LinkedHashMap<>();
                Map<String, Long> activities = new LinkedHashMap<>();
                instances.put(owner.node(), 0L);
                board.mail.holders().forEach(node -> instances.merge(node.value(), 1L, Long::sum));
                board.work.holders().forEach(node -> {
                    activities.merge(node.value(), 1L, Long::sum);
                    instances.putIfAbsent(node.value(), 0L);
                });
                return instances.entrySet().stream()
                        .map(held -> new NodeInfo(
                                held.getKey(),
                                owner.since(),
                                null,
                                true,
                                held.getValue(),
                                activities.getOrDefault(held.getKey(), 0L),
                                true))
                        .sorted(Comparator.comparing(NodeInfo::name))
                        .toList();
            });
        }

        private <T extends @Nullable Object> T under(Supplier<T> look) {
            board.lock.lock();
            try {
                return look.get();
            } finally {
                board.lock.unlock();
            }
        }

        private static @Nullable String name(@Nullable NodeId node) {
            return node == null ? null : node.value();
        }
    }
}
