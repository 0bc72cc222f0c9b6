package dev.rekindle.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How many bytes a file has, and their SHA-256 in lower-case hexadecimal. */
record Fingerprint(long bytes, String sha256) {
    private static final int BUFFER = 1 << 14;

    /** The fingerprint of all that is left of a stream. */
    static Fingerprint of(InputStream in) throws IOException {
        return copying(in, OutputStream.nullOutputStream());
    }

    /** The fingerprint of all that is left of a stream, which is copied meanwhile. */
    static Fingerprint copying(InputStream in, OutputStream copy) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
            copy.write(buffer, 0, read);
            bytes += read;
        }
        return new Fingerprint(bytes, HexFormat.of().formatHex(digest.digest()));
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
