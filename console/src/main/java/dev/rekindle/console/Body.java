package dev.rekindle.console;

import dev.rekindle.console.wire.Parameters;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a request carries, as far as it is not too much. */
final class Body {
    /** Room for the largest payload, with every character of it escaped once. */
    static final int BYTES_AT_MOST = 16 << 20;

    /** Room for an instance with a long history. */
    static final int IMPORT_BYTES_AT_MOST = 256 << 20;

    private Body() {}

    static String text(Context request, int bytesAtMost) {
        try (InputStream in = request.bodyInputStream()) {
            byte[] bytes = in.readNBytes(bytesAtMost + 1);
            if (bytes.length > bytesAtMost) {
                throw new Refusal(413, "BODY_TOO_LARGE", "At most %d bytes are taken.".formatted(bytesAtMost));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Parameters form(Context request) {
        return Parameters.parse(text(request, BYTES_AT_MOST));
    }
}
