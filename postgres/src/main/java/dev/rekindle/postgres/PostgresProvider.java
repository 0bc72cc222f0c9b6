package dev.rekindle.postgres;

import dev.rekindle.Client;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in a schema of a PostgreSQL database, for any number of nodes at once. Thread-safe.
 *
 * <p><b>Nodes.</b> Each provider object that fetches is a node of the store: a row that it writes to again and again. Its
 * leases live as long as the row. When it has been silent for too long ({@link PostgresOptions#takeover()}), others remove
 * the row and take its work over; what it still tries to write then changes nothing.
 *
 * <p><b>Time.</b> Leases, timers and visibility go by the server's clock.
 *
 * <p><b>Durability.</b> A write has been committed with {@code synchronous_commit} on when it returns, whatever the
 * database's default is. When a connection is lost during a commit, the provider finds out whether it happened before it
 * answers.
 */
public final class PostgresProvider extends StoreReads
        implements Provider, EagerStartCapability, AnalyticsCapability, InspectionCapability {
    private final Leases leases;
    private final Writer writer;
    private final Listener listener;
    private final Fetching fetching;
    private final Ends ends;
    private final Repair repair;
    private final Changes changes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresProvider(Database database, PostgresOptions options, InstantSource clock) {
        super(database);
        this.leases = new Leases(clock);
        this.writer = new Writer(database, nodeName(), leases, clock, options.takeover());
        this.listener = new Listener(database, leases, writer);
        this.fetching = new Fetching(leases, writer, closed::get);
        this.ends = new Ends(database, leases);
        this.repair = new Repair(database);
        this.changes = new Changes(database, writer, leases);
    }

    private static String nodeName() {
        return "process %d, %s"
                .formatted(
                        ProcessHandle.current().pid(),
                        UUID.randomUUID().toString().substring(0, 8));
    }

    /**
     * Opens the store that a URL names: {@code postgresql://USER:PASSWORD@HOST:PORT/DATABASE}, several hosts separated by
     * commas, or {@code jdbc:postgresql://…}. Parameters of its own are {@code schema}, {@code takeover} and {@code pool};
     * all others go to the driver. Schema and tables are created or migrated if needed.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, {@code STORE_FOREIGN}, {@code STORE_NEWER}, {@code
     *     STORE_UNAVAILABLE} or {@code INVALID_ARGUMENT}; nothing is changed then
     */
    public static PostgresProvider open(String url) {
        return open(url, InstantSource.system());
    }

    /** Opens a store on a machine that has this clock. The times of the store are the server's in any case. */
    static PostgresProvider open(String url, InstantSource clock) {
        PostgresUrl parsed = PostgresUrl.parse(url);
        return started(Database.open(parsed), parsed.options(), clock);
    }

    /**
     * Opens the store that a data source leads to. It stays the user's, and has to have at least four connections to give:
     * one that writes, one that listens, and some that read.
     *
     * @throws RekindleException as {@link #open(String)} does
     */
    public static PostgresProvider open(DataSource source, PostgresOptions options) {
        return started(Database.open(source, options), options, InstantSource.system());
    }

    private static PostgresProvider started(Database database, PostgresOptions options, InstantSource clock) {
        PostgresProvider provider = new PostgresProvider(database, options, clock);
        try {
            provider.writer.start();
            return provider;
        } catch (RekindleException e) {
            database.close();
            throw e;
        }
    }

    /** A client of this store, with every capability that this provider has. Closing stays with the provider. */
    public Client client() {
        return Client.discover(this);
    }

    /** What the writer has done so far. */
    public WriterStats writerStats() {
        return writer.stats();
    }

    @Override
    public String name() {
        return database.name();
    }

    // ---- instances

    @Override
    public List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        checkOpen();
        listener.start();
        writer.runs();
        return fetching.instances(request);
    }

    @Override
    public TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        checkOpen();
        return writer.run(new CommitTurn(commit));
    }

    @Override
    public void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
        checkOpen();
        writer.run(new InstanceOps.Abandon(lease, why));
    }

    @Override
    public void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        checkOpen();
        writer.run(new SendMessage(work, delay));
    }

    @Override
    public Optional<EagerStart.Receipt> startEagerly(EagerStart start) {
        checkOpen();
        return writer.isRunning() ? Optional.of(writer.run(new StartEagerly(start))) : Optional.empty();
    }

    @Override
    public List<Event> read(String instance) {
        return query(session -> Reads.history(session, instance));
    }

    @Override
    public List<Event> readWithExecution(String instance, long executionId) {
        return query(session -> Reads.history(session, instance, executionId));
    }

    @Override
    public void appendWithExecution(String instance, long executionId, List<Event> events) {
        checkOpen();
        repair.append(instance, executionId, List.copyOf(events));
    }

    @Override
    public OptionalLong latestExecutionId(String instance) {
        return query(session -> Reads.latestExecution(session, instance));
    }

    @Override
    public Optional<InstanceSnapshot> findInstance(String instance) {
        return query(session -> Reads.snapshot(session, instance));
    }

    @Override
    public Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException {
        checkOpen();
        return ends.await(instance, wait);
    }

    // ---- activities

    @Override
    public void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        checkOpen();
        repair.enqueue(work);
        leases.with(leases.workSignal::raise);
    }

    @Override
    public List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        checkOpen();
        listener.start();
        writer.runs();
        return fetching.work(request);
    }

    @Override
    public void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        checkOpen();
        writer.run(new WorkOps.Complete(lease, completion));
    }

    @Override
    public void abandonWorker(WorkLease lease, WorkAbandonment why) {
        checkOpen();
        writer.run(new WorkOps.GiveBack(lease, why));
    }

    @Override
    public boolean renewWorker(WorkLease lease, @Nullable String heartbeat) {
        checkOpen();
        return writer.run(new WorkOps.Renew(lease, heartbeat));
    }

    // ---- management: what only reads is above this class

    @Override
    public void suspendInstance(String instance, String reason) {
        checkOpen();
        changes.suspend(instance, reason);
    }

    @Override
    public void resumeInstance(String instance) {
        checkOpen();
        changes.resume(instance);
    }

    @Override
    public void reopenInstance(WorkItem.ReopenInstance message, long lastEventId) {
        checkOpen();
        changes.reopen(message, lastEventId);
    }

    @Override
    public Deletion deleteInstances(List<String> instances, DeleteOptions options) {
        checkOpen();
        return changes.delete(instances, options);
    }

    @Override
    public Deletion pruneExecutions(String instance, int keepLast) {
        checkOpen();
        return changes.prune(instance, keepLast);
    }

    @Override
    public void importInstance(InstanceExport export) {
        checkOpen();
        changes.take(export);
    }

    @Override
    public long deleteDeadLetters(List<Long> keys) {
        checkOpen();
        return changes.deleteDeadLetters(keys);
    }

    @Override
    public StoreImage inspect() {
        return snapshot(Inspection::image);
    }

    // ---- analytics

    @Override
    public void addMeasurements(List<Measurement> measurements) {
        checkOpen();
        database.write(session -> FigureTable.add(session, measurements));
    }

    @Override
    public List<Measurement> sumMeasurements(Resolution resolution, Instant from, Instant to) {
        return query(session -> FigureTable.sum(session, resolution, from, to));
    }

    @Override
    public List<Measurement> measurementSeries(Subject.Kind kind, Resolution resolution, Instant from, Instant to) {
        return query(session -> FigureTable.series(session, kind, resolution, from, to));
    }

    @Override
    public long forgetMeasurements(Resolution resolution, Instant before) {
        checkOpen();
        return database.write(session -> FigureTable.forget(session, resolution, before));
    }

    // ---- the life of this provider

    @Override
    public boolean isStandby() {
        return false;
    }

    @Override
    public void releaseNode(NodeId node) {
        checkOpen();
        List<Op<?>> all = leases.locked(() -> {
            leases.release();
            return NodeOps.release(leases, node);
        });
        all.forEach(writer::submit);
        all.forEach(Op::await);
    }

    @Override
    public void close() {
        end(false);
    }

    /** The key of this node's row. */
    long nodeKey() {
        return writer.nodeKey();
    }

    /** The server's clock was moved by hand: looks around, takes over where that is due, and lets those who wait look. */
    void clockMoved() {
        if (closed.get()) {
            return;
        }
        writer.lookNow();
        leases.raiseAll();
    }

    /** Whether the node only shows that it is alive when it writes something. */
    void mute(boolean quiet) {
        if (!closed.get()) {
            writer.mute(quiet);
        }
    }

    /** Ends as if the process had died: nothing is given back. */
    void dropWithoutRelease() {
        end(true);
    }

    private void end(boolean silently) {
        if (closed.getAndSet(true)) {
            return;
        }
        leases.with(leases::release);
        ends.close();
        listener.close();
        writer.close(silently);
        leases.with(leases::clear);
        database.close();
    }

    @Override
    void checkOpen() {
        if (closed.get()) {
            throw ProviderErrors.closed(database.name());
        }
    }
}
