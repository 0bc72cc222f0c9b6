package dev.rekindle.cli.demo;

import dev.rekindle.Activity;
import dev.rekindle.ActivityOptions;
import dev.rekindle.DurableFuture;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import dev.rekindle.TypeRef;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Archives a tree durably: lists it in pages, archives each page's files in parallel, and puts the manifest together.
 *
 * <p><b>Why one step a file.</b> Hashing, compressing and verifying are one activity: a crash then repeats at most the
 * files under way, and each step costs the store one commit. As three activities they would repeat less of one file and
 * cost three times the history. A step that is repeated finds the object that it wrote before and only checks it.
 *
 * <p><b>Why pages.</b> No payload and no history grows with the tree: listings live in files, each page of files is a
 * child with a short history of its own, and the parent goes on as a new execution after {@link #PAGES_PER_EXECUTION}.
 */
final class Archive {
    /** How many pages are under way at once: the second keeps the disk busy while the first waits for its last file. */
    static final int PAGES_AT_ONCE = 2;

    static final int PAGES_PER_EXECUTION = 500;

    /** What to archive where. URIs, because they keep the bytes of file names. {@code run} names the work folder. */
    record Job(URI tree, URI archive, String run) {}

    /** So many files with so many bytes. */
    record Amount(long files, long bytes) {
        static final Amount NONE = new Amount(0, 0);

        Amount plus(Amount more) {
            return new Amount(files + more.files, bytes + more.bytes);
        }
    }

    /** What the walk found: so many pages, with so much to do. */
    record Listing(int pages, Amount total) {}

    /** Input of the orchestration; the listing is there from the second execution on. */
    record Run(Job job, @Nullable Listing listing, int nextPage, Amount done) {
        static Run first(Job job) {
            return new Run(job, null, 0, Amount.NONE);
        }
    }

    /** What the orchestration says of itself while it runs. */
    record Progress(Amount total, Amount done) {}

    record Page(Job job, int number) {}

    /** A name that the walk found; with a reason if it can't be archived. */
    record Listed(String path, long bytes, @Nullable String skipped) {}

    /** One file to archive; {@code bytes} as the walk saw it. */
    record FileStep(Job job, String path, long bytes) {}

    /** What became of a file: its SHA-256, or the reason why there is none. */
    record Outcome(
            String path,
            long bytes,
            @Nullable String sha256,
            @Nullable String skipped) {
        static Outcome archived(String path, Fingerprint content) {
            return new Outcome(path, content.bytes(), content.sha256(), null);
        }

        static Outcome skipped(String path, String reason) {
            return new Outcome(path, 0, null, reason);
        }
    }

    record Part(Page page, List<Outcome> outcomes) {}

    /** What the archive holds, and how many names are not in it. */
    record Result(Amount archived, long skipped) {
        static final Result NONE = new Result(Amount.NONE, 0);

        Result plus(Outcome outcome) {
            return outcome.sha256() == null
                    ? new Result(archived, skipped + 1)
                    : new Result(archived.plus(new Amount(1, outcome.bytes())), skipped);
        }
    }

    static final Activity<Job, Listing> LIST_TREE = Activity.named("ListTree", Job.class, Listing.class);
    static final Activity<Page, List<Listed>> READ_PAGE =
            Activity.named("ReadPage", TypeRef.of(Page.class), new TypeRef<List<Listed>>() {});
    static final Activity<FileStep, Outcome> ARCHIVE_FILE =
            Activity.named("ArchiveFile", FileStep.class, Outcome.class);
    static final Activity<Part, Integer> WRITE_PART = Activity.named("WritePart", Part.class, Integer.class);
    static final Activity<Run, Result> WRITE_MANIFEST = Activity.named("WriteManifest", Run.class, Result.class);
    static final Activity<Job, Integer> CLEAN_UP = Activity.named("CleanUp", Job.class, Integer.class);

    static final Orchestration<Run, Result> ARCHIVE = Orchestration.named("Archive", Run.class, Result.class);
    static final Orchestration<Page, Amount> ARCHIVE_PAGE =
            Orchestration.named("ArchivePage", Page.class, Amount.class);

    private Archive() {}

    /** Registers all of it. */
    static Rekindle.Builder on(Rekindle.Builder node, ArchiveSteps steps) {
        return node.activity(LIST_TREE, (ctx, job) -> steps.listTree(job))
                .activity(READ_PAGE, (ctx, page) -> steps.readPage(page))
                .activity(ARCHIVE_FILE, (ctx, file) -> steps.archiveFile(file))
                .activity(WRITE_PART, (ctx, part) -> steps.writePart(part))
                .activity(WRITE_MANIFEST, (ctx, run) -> steps.writeManifest(run))
                .activity(CLEAN_UP, (ctx, job) -> steps.cleanUp(job))
                .orchestration(ARCHIVE, Archive::archive)
                .orchestration(ARCHIVE_PAGE, Archive::archivePage);
    }

    static Result archive(OrchestrationContext ctx, Run run) {
        Job job = run.job();
        Listing listing = run.listing() == null ? ctx.call(LIST_TREE, job, Archive::retried) : run.listing();
        Amount done = run.done();
        ctx.setCustomStatus(new Progress(listing.total(), done));

        Queue<DurableFuture<Amount>> underWay = new ArrayDeque<>();
        int page = run.nextPage();
        int end = Math.min(listing.pages(), page + PAGES_PER_EXECUTION);
        while (page < end || !underWay.isEmpty()) {
            if (page < end && underWay.size() < PAGES_AT_ONCE) {
                underWay.add(ctx.scheduleChild(ARCHIVE_PAGE, new Page(job, page++)));
            } else {
                done = done.plus(underWay.remove().await());
                ctx.setCustomStatus(new Progress(listing.total(), done));
            }
        }
        Run rest = new Run(job, listing, end, done);
        if (end < listing.pages()) {
            return ctx.continueAsNew(ARCHIVE, rest);
        }
        Result result = ctx.call(WRITE_MANIFEST, rest, Archive::retried);
        ctx.call(CLEAN_UP, job, Archive::retried);
        return result;
    }

    /** Archives the files of one page; gives how much the page was of what the walk listed. */
    static Amount archivePage(OrchestrationContext ctx, Page page) {
        List<Listed> listed = ctx.call(READ_PAGE, page, Archive::retried);
        List<DurableFuture<Outcome>> files = new ArrayList<>();
        Amount amount = Amount.NONE;
        for (Listed file : listed) {
            if (file.skipped() == null) {
                FileStep step = new FileStep(page.job(), file.path(), file.bytes());
                files.add(ctx.schedule(ARCHIVE_FILE, step, Archive::retried));
                amount = amount.plus(new Amount(1, file.bytes()));
            }
        }
        Iterator<Outcome> archived = ctx.allOf(files).await().iterator();
        List<Outcome> outcomes = new ArrayList<>(listed.size());
        for (Listed file : listed) {
            outcomes.add(file.skipped() == null ? archived.next() : Outcome.skipped(file.path(), file.skipped()));
        }
        ctx.call(WRITE_PART, new Part(page, outcomes), Archive::retried);
        return amount;
    }

    /** Trouble with the tree is an outcome; what fails a step is trouble with the archive's disk, and may pass. */
    private static ActivityOptions retried(ActivityOptions options) {
        return options.maxAttempts(3).backoff(Duration.ofMillis(500));
    }
}
