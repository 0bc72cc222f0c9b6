package dev.rekindle.console;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Thread-safe.
 *
 * <p><b>Names.</b> A page of somebody else's whose name was made to point here (DNS rebinding) sends its own name as the
 * host, and is refused; addresses need no name and can't be rebound. <b>Tokens.</b> Programs send the token with each
 * request, browsers once, in a form, and get a cookie that says nothing of it. <b>Forgery.</b> A change needs a request that
 * a page of this console made: browsers say so in headers; forms repeat a secret that only our pages know, and the API takes
 * only JSON, which other pages can't send here.
 */
final class Guard {
    static final String COOKIE = "rekindle-console";

    /** The field of a form that holds the secret of our pages. */
    static final String FORM_SECRET = "_form";

    private static final Duration SESSION = Duration.ofHours(12);
    private static final int SESSIONS_AT_MOST = 1_000;
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.]+]|\\d{1,3}(?:\\.\\d{1,3}){3}");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final ConsoleOptions options;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];
    private final Map<String, Instant> sessions = new ConcurrentHashMap<>();

    Guard(ConsoleOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        random.nextBytes(key);
    }

    boolean asksForToken() {
        return options.token() != null;
    }

    boolean isReadOnly() {
        return options.readOnly();
    }

    /** What every request has to pass before anything else happens. */
    void check(Context request) {
        HEADERS.forEach(request::header);
        checkHost(request);
        boolean open = request.path().equals("/login") || request.path().startsWith("/assets/");
        if (!open && !isKnown(request)) {
            throw new Refusal(401, "TOKEN_REQUIRED", "This console asks for a token.");
        }
        switch (request.method().name()) {
            case "GET", "HEAD" -> {}
            default -> checkChange(request);
        }
    }

    private void checkHost(Context request) {
        String host = nameOf(request.header("Host"));
        boolean ours = host.equals("localhost")
                || ADDRESS.matcher(host).matches()
                || host.equals(options.host().toLowerCase(Locale.ROOT))
                || options.hostNames().stream().anyMatch(name -> name.equalsIgnoreCase(host));
        if (!ours) {
            throw new Refusal(
                    421, "HOST_NOT_OURS", "This console does not go by that name. Allow it in the console's options.");
        }
    }

    /** The host without its port. */
    private static String nameOf(@Nullable String host) {
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    }

    private void checkChange(Context request) {
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        boolean elsewhere = origin != null
                && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(Objects.toString(request.header("Host")));
        if (foreign || elsewhere) {
            throw new Refusal(403, "FOREIGN_PAGE", "Another site's page sent this. Nothing was changed.");
        }
        boolean signsInOrOut = request.path().equals("/login") || request.path().equals("/logout");
        if (options.readOnly() && !signsInOrOut) {
            throw new Refusal(403, "READ_ONLY", "This console is read-only. Nothing was changed.");
        }
        if (request.path().startsWith("/api/")
                && !Objects.toString(request.contentType(), "").startsWith("application/json")) {
            throw new Refusal(415, "JSON_REQUIRED", "The API takes application/json.");
        }
    }

    // ---- tokens and sessions

    private boolean isKnown(Context request) {
        return options.token() == null || hasToken(request) || session(request) != null;
    }

    private boolean hasToken(Context request) {
        String header = request.header("Authorization");
        return header != null && header.startsWith("Bearer ") && isToken(header.substring("Bearer ".length()));
    }

    private boolean isToken(String said) {
        return options.token() != null && MessageDigest.isEqual(digest(said), digest(options.token()));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable String session(Context request) {
        String id = request.cookie(COOKIE);
        Instant end = id == null ? null : sessions.get(id);
        return end != null && clock.instant().isBefore(end) ? id : null;
    }

    /** Whether the token was right; then whoever sent it is let in from now on. */
    boolean signIn(Context request, String token) {
        if (!isToken(token)) {
            return false;
        }
        Instant now = clock.instant();
        sessions.values().removeIf(end -> !now.isBefore(end));
        if (sessions.size() >= SESSIONS_AT_MOST) {
            throw new Refusal(503, "TOO_MANY_SESSIONS", "Too many people are signed in. Try again later.");
        }
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        sessions.put(id, now.plus(SESSION));
        request.cookie(new Cookie(COOKIE, id, "/", -1, false, true, null, SameSite.STRICT));
        return true;
    }

    void signOut(Context request) {
        String id = request.cookie(COOKIE);
        if (id != null) {
            sessions.remove(id);
        }
        request.cookie(new Cookie(COOKIE, "", "/", 0, false, true, null, SameSite.STRICT));
    }

    // ---- forms

    /** What the forms of this visitor repeat. */
    String formSecret(Context request) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            String whose = Objects.toString(session(request), "");
            return HexFormat.of().formatHex(mac.doFinal(whose.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void checkForm(Context request, @Nullable String secret) {
        if (secret == null || !MessageDigest.isEqual(digest(secret), digest(formSecret(request)))) {
            throw new Refusal(
                    403,
                    "FORM_EXPIRED",
                    "This form was not made by this console, or the console was restarted since. Nothing was changed.");
        }
    }

    /** Who asks, for the audit. */
    String who(Context request) {
        String how = options.token() == null ? "without token" : hasToken(request) ? "token" : "session";
        return request.ip() + " (" + how + ")";
    }
}
