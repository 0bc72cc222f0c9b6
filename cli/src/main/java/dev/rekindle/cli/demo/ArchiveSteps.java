package dev.rekindle.cli.demo;

import dev.rekindle.cli.Folders;
import dev.rekindle.cli.demo.Archive.FileStep;
import dev.rekindle.cli.demo.Archive.Job;
import dev.rekindle.cli.demo.Archive.Listed;
import dev.rekindle.cli.demo.Archive.Listing;
import dev.rekindle.cli.demo.Archive.Outcome;
import dev.rekindle.cli.demo.Archive.Page;
import dev.rekindle.cli.demo.Archive.Part;
import dev.rekindle.cli.demo.Archive.Result;
import dev.rekindle.cli.demo.Archive.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of the archive: everything that touches files. Each may be repeated after a crash and then comes to the same
 * end; what one leaves is on the disk when it returns. Thread-safe.
 */
final class ArchiveSteps {
    /** A line of the manifest. */
    record ManifestLine(String path, long bytes, String sha256) {}

    /** A line of what was skipped. */
    record SkippedLine(String path, String reason) {}

    private final Tally tally;

    ArchiveSteps(Tally tally) {
        this.tally = tally;
    }

    /** Writes the names of all files into pages. What an earlier run left in the work folder goes. */
    Listing listTree(Job job) throws IOException {
        ArchiveFolder folder = folder(job);
        cleanUp(job);
        DurableFiles.createDirectory(folder.temporary(job.run()));
        PageWriter pages = new PageWriter(folder, job.run(), tally);
        TreeWalk.walk(job.tree(), folder.root(), pages);
        return pages.finish();
    }

    List<Listed> readPage(Page page) throws IOException {
        Job job = page.job();
        List<Listed> names = new ArrayList<>();
        JsonLines.each(folder(job).page(job.run(), page.number()), Listed.class, names::add);
        return names;
    }

    Outcome archiveFile(FileStep step) throws IOException {
        Job job = step.job();
        ArchiveFolder folder = folder(job);
        ObjectStore objects = new ObjectStore(folder.objects(), folder.temporary(job.run()));
        FileToArchive file = new FileToArchive(FileNames.resolve(job.tree(), step.path()));
        Outcome outcome = file.archive(step.path(), objects);
        tally.done(step.bytes());
        return outcome;
    }

    /** Keeps what became of the files of a page until the manifest is written; gives how many they are. */
    int writePart(Part part) throws IOException {
        Job job = part.page().job();
        ArchiveFolder folder = folder(job);
        int number = part.page().number();
        Path temporary = folder.temporary(job.run()).resolve("part-" + number);
        DurableFiles.write(folder.part(job.run(), number), temporary, out -> {
            for (Outcome outcome : part.outcomes()) {
                JsonLines.write(out, outcome);
            }
        });
        return part.outcomes().size();
    }

    /** Puts the parts together. They are in order, as the walk was. */
    Result writeManifest(Run run) throws IOException {
        ArchiveFolder folder = folder(run.job());
        Path temporary = folder.temporary(run.job().run());
        Result[] result = {Result.NONE};
        DurableFiles.write(folder.manifest(), temporary.resolve("manifest"), manifest -> {
            DurableFiles.write(folder.skipped(), temporary.resolve("skipped"), skipped -> {
                result[0] = sortOut(run, manifest, skipped);
            });
        });
        return result[0];
    }

    private static Result sortOut(Run run, OutputStream manifest, OutputStream skipped) throws IOException {
        Result[] result = {Result.NONE};
        for (int page = 0; page < run.nextPage(); page++) {
            JsonLines.each(folder(run.job()).part(run.job().run(), page), Outcome.class, outcome -> {
                result[0] = result[0].plus(outcome);
                if (outcome.sha256() != null) {
                    JsonLines.write(manifest, new ManifestLine(outcome.path(), outcome.bytes(), outcome.sha256()));
                } else {
                    JsonLines.write(skipped, new SkippedLine(outcome.path(), String.valueOf(outcome.skipped())));
                }
            });
        }
        return result[0];
    }

    /** Removes the work folder of the run; gives how many files were in it. */
    int cleanUp(Job job) throws IOException {
        ArchiveFolder folder = folder(job);
        int removed = Folders.delete(folder.work(job.run()));
        try {
            Files.deleteIfExists(folder.work());
        } catch (DirectoryNotEmptyException e) {
            // Another tree is being archived into the same folder.
        }
        return removed;
    }

    private static ArchiveFolder folder(Job job) {
        return new ArchiveFolder(Path.of(job.archive()));
    }
}
