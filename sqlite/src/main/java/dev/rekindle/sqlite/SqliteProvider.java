package dev.rekindle.sqlite;

import dev.rekindle.Client;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.jdbc.EndWatch;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ExportRules;
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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one SQLite file, or in a private database in memory. Thread-safe.
 *
 * <p><b>One owner.</b> The first fetch makes a provider the owner of its file, held with a lock of the operating system
 * on {@code FILE-owner} beside it; another provider that fetches is a standby until the owner is gone. Whoever does not
 * fetch (a client, the command line) reads and writes the same file at the same time.
 *
 * <p><b>Durability.</b> A commit is on disk when a write returns. With {@code ?synchronous=NORMAL} a loss of power may
 * undo the last commits, but never tear one; a crash of the process alone loses nothing.
 */
public final class SqliteProvider extends SqliteManagement
        implements Provider, EagerStartCapability, AnalyticsCapability, InspectionCapability {
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Optional<LockFile> lockFile;
    private final Board board = new Board();
    private final Writer writer;
    private final Optional<Readers> readers;
    private final Ownership ownership;
    private final Fetching fetching;
    private final Holders holders;
    private final Changes changes;
    private final InstantSource clock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteProvider(SqliteUrl url, StoreFile file, InstantSource clock) {
        this.name = url.name();
        this.lockFile = url.file().map(LockFile::of);
        this.writer = new Writer(name, file::writer, lockFile, board, clock);
        this.readers = url.file().map(path -> new Readers(name, file::reader));
        this.ownership = new Ownership(name, lockFile, board, writer);
        this.fetching = new Fetching(board, writer, ownership, clock);
        this.changes = new Changes(name, writer, ownership, this::query);
        this.holders = new Holders.OfOwner(board, lockFile);
        this.clock = clock;
    }

    /**
     * Opens a store on the system's clock: {@code sqlite:FILE}, {@code sqlite:///absolute/FILE} or {@code
     * sqlite::memory:}, with {@code ?synchronous=FULL} (the default) or {@code NORMAL}. The file is created if needed.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, {@code STORE_FOREIGN}, {@code STORE_NEWER}, {@code
     *     STORE_UNAVAILABLE} or {@code INVALID_ARGUMENT}; nothing is changed then
     */
    public static SqliteProvider open(String url) {
        return open(url, InstantSource.system());
    }

    /**
     * Opens a store whose times come from this clock. Who moves a clock by hand calls {@link #clockMoved()} afterwards.
     *
     * @throws RekindleException as {@link #open(String)} does
     */
    public static SqliteProvider open(String url, InstantSource clock) {
        SqliteUrl parsed = SqliteUrl.parse(url);
        StoreFile file = new StoreFile(parsed);
        if (parsed.file().isPresent()) {
            file.prepare();
        }
        SqliteProvider provider = new SqliteProvider(parsed, file, clock);
        try {
            provider.writer.start();
            return provider;
        } catch (SQLException e) {
            provider.lockFile.ifPresent(LockFile::leave);
            throw Trouble.of(provider.name, e);
        }
    }

    /**
     * Opens a file only to look at it, as a copy or a snapshot is; nothing is changed, not even its schema.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, {@code STORE_FOREIGN}, {@code STORE_NEWER} or {@code
     *     INVALID_ARGUMENT}
     */
    public static SqliteReader readOnly(String url) {
        return SqliteReader.open(url, InstantSource.system());
    }

    /** A client of this store, with every capability that this provider has. Closing stays with the provider. */
    public Client client() {
        return Client.discover(this);
    }

    /** Looks again at what is due. To be called after a clock was moved that does not run by itself. */
    public void clockMoved() {
        board.lock.lock();
        try {
            board.signalAll();
        } finally {
            board.lock.unlock();
        }
    }

    /** What the writer has done so far. */
    public WriterStats writerStats() {
        return writer.stats();
    }

    @Override
    public String name() {
        return name;
    }

    // ---- instances

    @Override
    public List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        checkOpen();
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
        return board.isOwner() ? writer.run(new StartEagerly(start)) : Optional.empty();
    }

    @Override
    public List<Event> read(String instance) {
        return query(session -> Reads.history(session, instance, 0));
    }

    @Override
    public List<Event> readWithExecution(String instance, long executionId) {
        return executionId < 1 ? List.of() : query(session -> Reads.history(session, instance, executionId));
    }

    @Override
    public void appendWithExecution(String instance, long executionId, List<Event> events) {
        checkOpen();
        if (!ownership.tryAsOwner(new InstanceOps.Append(instance, executionId, events))) {
            throw ProviderErrors.leaseLost(instance, "another process runs the instances of " + name);
        }
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
        EndWatch end = board.ends.add(instance);
        try {
            long left = wait.toNanos();
            long poll = FIRST_POLL_NANOS;
            while (true) {
                checkOpen();
                Optional<InstanceSnapshot> now = inMemory(instance).or(() -> findInstance(instance));
                if (left <= 0 || now.isEmpty() || now.get().status().isTerminal()) {
                    return now;
                }
                long slice = Math.min(left, board.isOwner() ? RECHECK_NANOS : poll);
                Optional<InstanceSnapshot> ended = end.await(slice);
                if (ended.isPresent()) {
                    return ended;
                }
                if (end.isTold()) {
                    // The instance is gone. What has its id now, if anything, has an end of its own.
                    board.ends.remove(instance, end);
                    end = board.ends.add(instance);
                } else {
                    left -= slice;
                }
                poll = Math.min(poll + poll / 2, LONGEST_POLL_NANOS);
            }
        } finally {
            board.ends.remove(instance, end);
        }
    }

    /** The instance as the owner knows it, if it has not ended. */
    private Optional<InstanceSnapshot> inMemory(String instance) {
        board.lock.lock();
        try {
            Instance known = board.instances.find(instance);
            return known == null || known.status.isTerminal()
                    ? Optional.empty()
                    : Optional.of(known.snapshot(null, null, null));
        } finally {
            board.lock.unlock();
        }
    }

    // ---- activities

    @Override
    public void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        checkOpen();
        writer.run(new WorkOps.Queue(work));
    }

    @Override
    public List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        checkOpen();
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
        if (heartbeat != null) {
            return writer.run(new WorkOps.Heartbeat(lease, heartbeat));
        }
        board.lock.lock();
        try {
            return board.work.leased(lease.token()) != null;
        } finally {
            board.lock.unlock();
        }
    }

    // ---- management

    @Override
    public void suspendInstance(String instance, String reason) {
        make(new Change.Suspend(instance, reason));
    }

    @Override
    public void resumeInstance(String instance) {
        make(new Change.Resume(instance));
    }

    @Override
    public void reopenInstance(WorkItem.ReopenInstance message, long lastEventId) {
        make(new Change.Reopen(message, lastEventId));
    }

    @Override
    public Deletion deleteInstances(List<String> instances, DeleteOptions options) {
        ProviderErrors.checkDeletion(instances);
        return make(new Change.Delete(List.copyOf(instances), options));
    }

    @Override
    public Deletion pruneExecutions(String instance, int keepLast) {
        ProviderErrors.checkKeepLast(instance, keepLast);
        return make(new Change.Prune(instance, keepLast));
    }

    @Override
    public void importInstance(InstanceExport export) {
        ExportRules.check(export);
        make(new Change.Import(export));
    }

    @Override
    public long deleteDeadLetters(List<Long> keys) {
        return make(new Change.DeleteDeadLetters(List.copyOf(keys))).queued();
    }

    private Deletion make(Change change) {
        checkOpen();
        return changes.make(change);
    }

    // ---- analytics

    @Override
    public void addMeasurements(List<Measurement> measurements) {
        checkOpen();
        writer.run(new FigureOps.Add(measurements));
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
        return writer.run(new FigureOps.Forget(resolution, before));
    }

    /** {@inheritDoc} Leases are known to the owner of the file only. */
    @Override
    public StoreImage inspect() {
        checkOpen();
        return writer.run(new Inspection());
    }

    // ---- the life of this provider

    @Override
    public boolean isStandby() {
        return ownership.isStandby();
    }

    @Override
    public void releaseNode(NodeId node) {
        checkOpen();
        ownership.release(node);
    }

    @Override
    public void close() {
        end(true);
    }

    /** Ends as if the process had died: nothing is given back. */
    void dropWithoutRelease() {
        end(false);
    }

    /** Allows the file to have this many pages at most, as if its disk were full then. */
    void limitPages(long pages) {
        writer.run(new WriterCall<>(session -> session.number("PRAGMA max_page_count = " + pages)));
    }

    private void end(boolean cleanly) {
        if (closed.getAndSet(true)) {
            return;
        }
        board.ends.giveUp();
        ownership.end(cleanly);
        writer.close();
        board.lock.lock();
        try {
            board.clear();
        } finally {
            board.lock.unlock();
        }
        readers.ifPresent(Readers::close);
        lockFile.ifPresent(LockFile::leave);
    }

    @Override
    <T> T query(Session.Query<T> query) {
        checkOpen();
        return readers.isPresent() ? readers.get().read(query) : writer.run(new WriterCall<>(query));
    }

    @Override
    Holders holders() {
        return holders;
    }

    @Override
    long now() {
        return clock.millis();
    }

    /** Does something that needs no lease and that memory need not follow. */
    void write(Op<?> op) {
        checkOpen();
        writer.run(op);
    }

    private void checkOpen() {
        if (closed.get()) {
            throw ProviderErrors.closed(name);
        }
    }
}
