package dev.rekindle.console;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Style, scripts and icon, out of the jar. Their URLs change with their content, so browsers may keep them. */
final class Assets {
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody else sees them.
    private record Asset(String type, byte[] content, String url) {}

    private final Map<String, Asset> byName = new LinkedHashMap<>();

    Assets() {
        add("console.css", "text/css", read("console.css"));
        add("console.js", "text/javascript", read("console.js"));
        add("icon.svg", "image/svg+xml", read("icon.svg"));
        add("htmx.js", "text/javascript", read("htmx.min.js"));
        add("htmx-sse.js", "text/javascript", read("sse.js"));
    }

    /** Where a browser finds it. */
    String url(String name) {
        return Objects.requireNonNull(byName.get(name), name).url();
    }

    void addTo(RoutesConfig http) {
        http.get("/assets/{name}", this::send);
    }

    private void send(Context request) {
        Asset asset = byName.get(request.pathParam("name"));
        if (asset == null) {
            throw new Refusal(404, "NOT_FOUND", "There is nothing here.");
        }
        request.header("Cache-Control", "public, max-age=31536000, immutable")
                .contentType(asset.type() + "; charset=utf-8")
                .result(asset.content());
    }

    private void add(String name, String type, byte[] content) {
        byName.put(name, new Asset(type, content, "/assets/" + name + "?v=" + digest(content)));
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 12);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(String name) {
        try (InputStream resource = Assets.class.getResourceAsStream("assets/" + name)) {
            return Objects.requireNonNull(resource, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
