package dev.rekindle.console;

import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parts of pages that follow the store. Each part that is watched is made anew once in an interval, however many watch it,
 * and sent when it has changed; what nobody watches is not looked at. Thread-safe.
 *
 * <p><b>Threads.</b> One for each part, which ends when the last watcher goes, and one for each watcher, so that a slow one
 * holds nobody up and gets the latest only. Whoever went away without a word is noticed when nothing can be sent any more:
 * something is sent every few seconds.
 */
final class Live implements AutoCloseable {
    private static final int WATCHERS_AT_MOST = 500;
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /**
     * How often something is done.
     *
     * @param look looking at what is watched
     * @param signOfLife sending something although nothing has changed
     */
    record Pace(Duration look, Duration signOfLife) {
        static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    private final Pace pace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Part> parts = new HashMap<>();
    private int watchers;
    private boolean closed;

    Live(Pace pace) {
        this.pace = pace;
    }

    /**
     * Sends a part to a watcher as long as it stays.
     *
     * @param key what tells this part from others
     * @param html makes the part
     */
    void watch(String key, SseClient client, Supplier<String> html) {
        lock.lock();
        try {
            if (closed || watchers >= WATCHERS_AT_MOST) {
                throw new Refusal(
                        503, "TOO_MANY_WATCHERS", "Too many pages are open. This one does not follow changes.");
            }
            watchers++;
            Part part = parts.computeIfAbsent(key, Part::new);
            part.watchers++;
            if (part.watchers == 1) {
                Thread.ofVirtual().name("rekindle-live " + key).start(() -> part.follow(html));
            }
            client.keepAlive();
            Thread.ofVirtual().name("rekindle-live-watcher").start(() -> part.serve(client));
        } finally {
            lock.unlock();
        }
    }

    /** How many parts are being followed. */
    int followed() {
        lock.lock();
        try {
            return parts.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many watch, all together. */
    int watchers() {
        lock.lock();
        try {
            return watchers;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the watchers go, and gives them a moment to say goodbye while their connections are there. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            long nanos = GOODBYE.toNanos();
            while (watchers > 0 && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private final class Part {
        private final String key;
        private int watchers;
        private long version;
        private @Nullable String html;

        Part(String key) {
            this.key = key;
        }

        void follow(Supplier<String> source) {
            try {
                while (isWatched()) {
                    publish(source.get());
                    pause();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isWatched() {
            lock.lock();
            try {
                boolean watched = watchers > 0 && !closed;
                if (!watched) {
                    parts.remove(key, this);
                }
                return watched;
            } finally {
                lock.unlock();
            }
        }

        private void publish(String latest) {
            lock.lock();
            try {
                if (!latest.equals(html)) {
                    html = latest;
                    version++;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        private void pause() throws InterruptedException {
            lock.lock();
            try {
                long nanos = pace.look().toNanos();
                while (nanos > 0 && !closed && watchers > 0) {
                    nanos = changed.awaitNanos(nanos);
                }
            } finally {
                lock.unlock();
            }
        }

        void serve(SseClient client) {
            try {
                long sent = 0;
                while (!client.terminated() && !closed) {
                    long latest = awaitNewer(sent);
                    if (latest == sent) {
                        client.sendComment("still here");
                    } else {
                        client.sendEvent("update", current());
                    }
                    sent = latest;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (!client.terminated()) {
                    client.close();
                }
                leave();
            }
        }

        private long awaitNewer(long sent) throws InterruptedException {
            lock.lock();
            try {
                long nanos = pace.signOfLife().toNanos();
                while (version == sent && nanos > 0 && !closed) {
                    nanos = changed.awaitNanos(nanos);
                }
                return version;
            } finally {
                lock.unlock();
            }
        }

        private String current() {
            lock.lock();
            try {
                return html == null ? "" : html;
            } finally {
                lock.unlock();
            }
        }

        private void leave() {
            lock.lock();
            try {
                Live.this.watchers--;
                watchers--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
