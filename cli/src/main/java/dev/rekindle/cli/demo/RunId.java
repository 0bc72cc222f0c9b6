package dev.rekindle.cli.demo;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** The same command, the same run: ids made from the tree and the archive folder. */
record RunId(String base) {
    private static final int READABLE_CHARS = 40;
    private static final int HASH_BYTES = 4;

    static RunId of(URI tree, URI archive) {
        String path = tree.getPath().replaceFirst("/+$", "");
        String readable = path.substring(path.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "_");
        byte[] hash = Fingerprint.newDigest().digest((tree + "\n" + archive).getBytes(StandardCharsets.UTF_8));
        return new RunId("archive-%s-%s"
                .formatted(
                        readable.substring(0, Math.min(READABLE_CHARS, readable.length())),
                        HexFormat.of().formatHex(hash, 0, HASH_BYTES)));
    }

    /** The instance id of the n-th time, from 1, that the command runs to its end. */
    String instance(int time) {
        return time == 1 ? base : base + "#" + time;
    }
}
