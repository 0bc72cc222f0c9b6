package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares an archive with the tree that it was made of, by means of its own. */
final class ArchiveCheck {
    private static final JsonMapper JSON = new JsonMapper();

    private ArchiveCheck() {}

    /** The manifest names each regular file of the tree, in order, and every object is what its name says. */
    static void matches(Path out, Path tree) throws IOException {
        Map<String, String> expected = hashes(tree, out);
        Map<String, String> found = new TreeMap<>();
        List<String> paths = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("manifest.jsonl"))) {
            JsonNode file = JSON.readTree(line);
            assertThat(file.propertyNames()).containsExactly("path", "bytes", "sha256");
            String sha256 = file.get("sha256").asString();
            paths.add(file.get("path").asString());
            found.put(file.get("path").asString(), file.get("bytes").asLong() + " " + sha256);
            assertThat(hashOfObject(out, sha256)).isEqualTo(sha256);
        }
        assertThat(found).isEqualTo(expected);
        assertThat(paths).doesNotHaveDuplicates().isSortedAccordingTo((one, other) -> {
            int[] codePoints = one.codePoints().toArray();
            return Arrays.compare(codePoints, other.codePoints().toArray());
        });
        assertThat(out.resolve("work")).doesNotExist();
    }

    /** What was skipped: path and reason. */
    static Map<String, String> skipped(Path out) throws IOException {
        Map<String, String> skipped = new TreeMap<>();
        for (String line : Files.readAllLines(out.resolve("skipped.jsonl"))) {
            JsonNode file = JSON.readTree(line);
            skipped.put(file.get("path").asString(), file.get("reason").asString());
        }
        return skipped;
    }

    private static Map<String, String> hashes(Path tree, Path out) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.filter(path -> !path.startsWith(out)).toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isUtf8(file)) {
                    hashes.put(relative(tree, file), Files.size(file) + " " + hash(Files.newInputStream(file)));
                }
            }
        }
        return hashes;
    }

    private static boolean isUtf8(Path file) {
        return !file.toUri().getRawPath().contains("%E9");
    }

    private static String relative(Path tree, Path file) {
        return tree.toUri().relativize(file.toUri()).getPath();
    }

    private static String hashOfObject(Path out, String sha256) throws IOException {
        Path object = out.resolve("objects").resolve(sha256.substring(0, 2)).resolve(sha256.substring(2) + ".gz");
        return hash(new GZIPInputStream(Files.newInputStream(object)));
    }

    private static String hash(InputStream content) throws IOException {
        try (content) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
