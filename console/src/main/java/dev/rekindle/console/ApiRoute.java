package dev.rekindle.console;

import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.PageRequest;
import io.javalin.http.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * One operation of the HTTP API: what answers it and what describes it, in one place, so that the description can't lack an
 * operation. Immutable.
 *
 * @param method {@code GET} or {@code POST}
 * @param path below {@code /api}
 * @param summary what it does, in a line
 * @param parameters what may stand behind the question mark
 * @param takes the type of the JSON that is sent; null for none
 * @param gives the type of the JSON that comes back; null for none
 */
record ApiRoute(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        @Nullable JavaType takes,
        @Nullable JavaType gives,
        Answer answer) {
    /** Gives what comes back; null where nothing does. */
    @FunctionalInterface
    interface Answer {
        @Nullable
        Object to(Call call) throws InterruptedException;
    }

    /**
     * A parameter.
     *
     * @param type as JSON schema calls it
     */
    record Parameter(String name, String type, boolean required, boolean repeated, String meaning) {}

    /** One request. */
    record Call(Context request, Parameters query, Changes.By changes) {
        String id() {
            return query.required("id");
        }

        long execution() {
            return query.number("execution").orElse(0);
        }

        <T> T body(Class<T> type) {
            return Wire.read(Body.text(request, Body.BYTES_AT_MOST), type);
        }

        PageRequest page() {
            return new PageRequest(
                    Math.toIntExact(Math.min(query.number("limit").orElse(50), Integer.MAX_VALUE)),
                    query.nonEmpty("cursor"));
        }
    }

    static ApiRoute get(String path, String summary, JavaType gives, Answer answer) {
        return new ApiRoute("GET", path, summary, List.of(), null, gives, answer);
    }

    static ApiRoute post(
            String path, String summary, @Nullable JavaType takes, @Nullable JavaType gives, Answer answer) {
        return new ApiRoute("POST", path, summary, List.of(), takes, gives, answer);
    }

    ApiRoute with(Parameter... more) {
        return new ApiRoute(method, path, summary, List.of(more), takes, gives, answer);
    }
}
