package dev.rekindle.cli.bench;

import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps a number of orchestrations in flight: each worker starts one, waits for its result and starts the next. */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Client client;
    private final Orchestration<Integer, Integer> orchestration;
    private final LongSupplier ticker;
    private final String prefix = "bench-" + UUID.randomUUID();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Latencies> workers;
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<@Nullable RekindleException> firstError = new AtomicReference<>();
    private volatile boolean measuring;
    private volatile boolean over;

    Load(Client client, Orchestration<Integer, Integer> orchestration, int inFlight, LongSupplier ticker) {
        this.client = client;
        this.orchestration = orchestration;
        this.ticker = ticker;
        this.workers = Stream.generate(Latencies::new).limit(inFlight).toList();
    }

    void start() {
        for (int worker = 0; worker < workers.size(); worker++) {
            String ids = prefix + "-" + worker + "-";
            Latencies latencies = workers.get(worker);
            threads.execute(() -> work(ids, latencies));
        }
    }

    /** From now on what ends is counted; or no longer. */
    void measure(boolean on) {
        measuring = on;
    }

    private void work(String ids, Latencies latencies) {
        for (long number = 1; !over; number++) {
            long start = ticker.getAsLong();
            try {
                client.start(orchestration, ids + number, 1).result(PATIENCE);
                if (measuring) {
                    latencies.add(ticker.getAsLong() - start);
                }
            } catch (RekindleException e) {
                errors.incrementAndGet();
                firstError.compareAndSet(null, e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Lets what is in flight come to its end. */
    @Override
    public void close() {
        over = true;
        threads.close();
    }

    /** What was measured; to be asked for when this is closed. */
    Latencies latencies() {
        Latencies all = new Latencies();
        workers.forEach(all::addAll);
        return all;
    }

    long errors() {
        return errors.get();
    }

    Optional<RekindleException> firstError() {
        return Optional.ofNullable(firstError.get());
    }
}
