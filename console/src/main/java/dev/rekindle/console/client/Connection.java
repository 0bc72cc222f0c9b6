package dev.rekindle.console.client;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.provider.ProviderErrors;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** Calls to the API of one console. Its errors come back as the exceptions that they were there. Thread-safe. */
final class Connection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI base;
    private final @Nullable String token;
    private volatile boolean closed;

    /**
     * @param url where the console is, perhaps with a token in front of an at-sign
     * @param otherwise the token when the URL has none
     */
    Connection(String url, @Nullable String otherwise) {
        try {
            URI whole = new URI(url);
            if (whole.getHost() == null) {
                throw unreadable();
            }
            String login = whole.getRawUserInfo();
            String given = login == null ? "" : URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8);
            String path = whole.getRawPath().replaceFirst("/+$", "");
            this.token = given.isEmpty() ? otherwise : given.startsWith(":") ? given.substring(1) : given;
            this.base = new URI(whole.getScheme() + "://" + authority(whole) + path + "/api");
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw unreadable();
        }
    }

    private static String authority(URI whole) {
        return whole.getPort() < 0 ? whole.getHost() : whole.getHost() + ":" + whole.getPort();
    }

    /** Without the URL: nobody knows where in it the token stands. */
    private static RekindleException unreadable() {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "can't read the console's URL; expected http[s]://[TOKEN@]HOST[:PORT][/PATH]. Correct it.");
    }

    /** Where it goes, for people: without the token. */
    String shown() {
        return base.toString().replaceFirst("/api$", "");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // The type says what comes.
    <T> T get(String path, Parameters query, JavaType type) {
        return Wire.read(call(request(path, query).GET().build()), type);
    }

    void post(String path, Parameters query, @Nullable Object body) {
        call(posting(path, query, body == null ? "{}" : Wire.write(body)));
    }

    void postText(String path, Parameters query, String json) {
        call(posting(path, query, json));
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // The type says what comes.
    <T> T post(String path, Parameters query, Object body, JavaType type) {
        return Wire.read(call(posting(path, query, Wire.write(body))), type);
    }

    private HttpRequest posting(String path, Parameters query, String json) {
        return request(path, query)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private HttpRequest.Builder request(String path, Parameters query) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(query.behind(base + path))).timeout(ANSWER);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private String call(HttpRequest request) {
        if (closed) {
            throw ProviderErrors.closed(shown());
        }
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                return response.body();
            }
            throw problem(response);
        } catch (IOException e) {
            throw new RekindleException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "console does not answer: '%s'; expected a running console, found %s. Start it, or correct the URL."
                            .formatted(shown(), e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RekindleException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "interrupted while waiting for the console: '%s'. Ask again.".formatted(shown()),
                    e);
        }
    }

    private RekindleException problem(HttpResponse<String> response) {
        boolean json = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/json"))
                .isPresent();
        if (!json) {
            return new RekindleException(
                    ErrorCode.STORE_UNREADABLE,
                    "no console there: '%s'; expected its API, found an answer with status %d. Correct the URL."
                            .formatted(shown(), response.statusCode()));
        }
        Wire.Problem problem = Wire.read(response.body(), Wire.Problem.class);
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.name().equals(problem.code()))
                .findFirst()
                .orElse(response.statusCode() == 403 ? ErrorCode.READ_ONLY : ErrorCode.STORE_UNREADABLE);
        String prefix = code.name() + " ";
        return new RekindleException(
                code,
                problem.message().startsWith(prefix)
                        ? problem.message().substring(prefix.length())
                        : "the console at '%s' says: %s".formatted(shown(), problem.message()));
    }

    @Override
    public void close() {
        closed = true;
        http.close();
    }
}
