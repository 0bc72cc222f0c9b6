package dev.rekindle.cli.demo;

import dev.rekindle.cli.demo.Archive.Amount;
import dev.rekindle.cli.demo.Archive.Listed;
import dev.rekindle.cli.demo.Archive.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes what a walk meets into pages, each small enough to be a payload. Not thread-safe. */
final class PageWriter implements TreeWalk.Visitor {
    static final int NAMES_PER_PAGE = 250;

    /** Of all paths of a page. JSON may make six characters of one, and a payload has at most 4 MiB. */
    private static final int CHARS_PER_PAGE = 1 << 17;

    private final ArchiveFolder folder;
    private final String run;
    private final Tally tally;
    private final List<Listed> page = new ArrayList<>(NAMES_PER_PAGE);
    private int chars;
    private int pages;
    private Amount total = Amount.NONE;

    PageWriter(ArchiveFolder folder, String run, Tally tally) {
        this.folder = folder;
        this.run = run;
        this.tally = tally;
    }

    @Override
    public void file(String path, long bytes) throws IOException {
        total = total.plus(new Amount(1, bytes));
        add(new Listed(path, bytes, null));
    }

    @Override
    public void skipped(String path, String reason) throws IOException {
        add(new Listed(path, 0, reason));
    }

    private void add(Listed name) throws IOException {
        page.add(name);
        chars += name.path().length();
        tally.listed();
        if (page.size() == NAMES_PER_PAGE || chars > CHARS_PER_PAGE) {
            writePage();
        }
    }

    /** Writes the last page; gives what there is in all. */
    Listing finish() throws IOException {
        if (!page.isEmpty()) {
            writePage();
        }
        return new Listing(pages, total);
    }

    private void writePage() throws IOException {
        DurableFiles.write(folder.page(run, pages), folder.temporary(run).resolve("page"), out -> {
            for (Listed name : page) {
                JsonLines.write(out, name);
            }
        });
        pages++;
        chars = 0;
        page.clear();
    }
}
