package dev.rekindle.cli.demo;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The names of files as bytes and as text. To the file system a name is bytes; {@link Path#toString} loses some of them
 * when the locale can't express them. A path's URI keeps them all, so names travel as UTF-8 or not at all.
 */
final class FileNames {
    private static final String UNESCAPED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~/";

    private FileNames() {}

    /** The bytes of the last name of an absolute path. */
    static byte[] bytes(Path path) {
        String uri = path.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        String name = uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '%') {
                bytes.write(Integer.parseInt(name, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(name.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** The name as text, or empty when it is not UTF-8. */
    static Optional<String> text(byte[] name) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A name that is not UTF-8, for people: its bytes beyond ASCII as {@code \xE9}. */
    static String escaped(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name) {
            if (b >= 0) {
                text.append((char) b);
            } else {
                text.append("\\x%02X".formatted(b));
            }
        }
        return text.toString();
    }

    /** The file of this relative name, with '/' between its parts, below a directory. */
    static Path resolve(URI directory, String relative) {
        StringBuilder uri = new StringBuilder(directory.toString());
        if (uri.charAt(uri.length() - 1) != '/') {
            uri.append('/');
        }
        for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
            if (UNESCAPED.indexOf(b) >= 0) {
                uri.append((char) b);
            } else {
                uri.append("%%%02X".formatted(b));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }
}
