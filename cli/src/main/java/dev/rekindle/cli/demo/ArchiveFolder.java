package dev.rekindle.cli.demo;

import java.nio.file.Path;

/**
 * Where things are in the folder that an archive is written to.
 *
 * <pre>
 * manifest.jsonl         one line a file: path, bytes, sha256; sorted by path
 * skipped.jsonl          one line for each that could not be archived: path, reason
 * objects/ab/cdef….gz    the contents, by SHA-256
 * rekindle.db            the store, unless --db names another one
 * work/RUN/              what a run needs until it ends: page-N.jsonl (listed), part-N.jsonl (done), tmp/
 * </pre>
 */
record ArchiveFolder(Path root) {
    Path manifest() {
        return root.resolve("manifest.jsonl");
    }

    Path skipped() {
        return root.resolve("skipped.jsonl");
    }

    Path objects() {
        return root.resolve("objects");
    }

    Path database() {
        return root.resolve("rekindle.db");
    }

    Path work() {
        return root.resolve("work");
    }

    Path work(String run) {
        return work().resolve(run);
    }

    Path temporary(String run) {
        return work(run).resolve("tmp");
    }

    Path page(String run, int number) {
        return work(run).resolve("page-%06d.jsonl".formatted(number));
    }

    Path part(String run, int number) {
        return work(run).resolve("part-%06d.jsonl".formatted(number));
    }
}
