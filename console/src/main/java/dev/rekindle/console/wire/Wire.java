package dev.rekindle.console.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.provider.WorkItem;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of the HTTP API, and its requests and answers where the core has no record for them. Payloads stand in it as
 * the store holds them: JSON text in a string. Stateless and thread-safe.
 */
public final class Wire {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Wire() {}

    /** A type with its parameters, for example a page of instances. */
    public static JavaType type(Class<?> type, Class<?>... parameters) {
        return parameters.length == 0
                ? MAPPER.constructType(type)
                : MAPPER.getTypeFactory().constructParametricType(type, parameters);
    }

    /** A type as it stands inside of another one, whose parameters it may use. */
    public static JavaType resolve(Type type, JavaType inside) {
        return MAPPER.getTypeFactory().resolveMemberType(type, inside.getBindings());
    }

    /** The value as JSON, written as this type. */
    public static String write(Object value, JavaType type) {
        return MAPPER.writerFor(type).writeValueAsString(value);
    }

    /** The value as JSON. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** JSON indented for people; what is no JSON stays as it is. */
    public static String pretty(String json) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(MAPPER.readTree(json));
        } catch (JacksonException e) {
            return json;
        }
    }

    /**
     * The value that the JSON describes.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when it describes none
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // The type says what comes, also where it has parameters.
    public static <T> T read(String json, Type type) {
        try {
            T value = MAPPER.readValue(json, MAPPER.constructType(type));
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "not the JSON that is wanted: %s; expected what the API's description says."
                            .formatted(e.getOriginalMessage()),
                    e);
        }
        throw new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "not the JSON that is wanted: 'null'; expected what the API's description says.");
    }

    /**
     * What is behind the API.
     *
     * @param store which store, for people
     * @param capabilities the simple names of the capabilities that it has
     * @param readOnly whether changes are refused
     * @param hidesPayloads whether a redactor stands between the store and the answers
     */
    public record About(String store, List<String> capabilities, boolean readOnly, boolean hidesPayloads) {}

    /** An error: its code and what there is to say about it. */
    public record Problem(String code, String message) {}

    /**
     * A start.
     *
     * @param input the input as JSON text
     * @param version the version asked for; null lets the node that runs the first turn choose its latest
     * @param attributes what it can be found by
     */
    public record Start(
            String instance,
            String orchestration,
            String input,
            @Nullable String version,
            @Nullable Map<String, String> attributes) {}

    /** A message for a channel; the payload is JSON text. */
    public record Message(String channel, String payload) {}

    /** Why something is done, for people. */
    public record Reason(String reason) {}

    /** A retry, from an event or, with null, from in front of what made it fail. */
    public record Retry(@Nullable Long fromEvent) {}

    /** A reopening as whoever looked at the history composed it. */
    public record Reopen(WorkItem.ReopenInstance message, long lastEventId) {}

    /** Which executions stay. */
    public record Prune(int keepLast) {}

    /** Which instances to delete, and how far that may go. */
    public record Delete(List<String> instances, DeleteOptions options) {}

    /** The keys of dead letters. */
    public record Keys(List<Long> keys) {}

    /** A number of things; whether there may be more than were counted. */
    public record Count(long count, boolean atLeast) {}

    /** What can be done to many instances at once. */
    public enum BulkAction {
        /** Ask them to cancel. */
        CANCEL,
        /** End them at once. */
        TERMINATE,
        /** Hold them. */
        SUSPEND,
        /** Let them go on. */
        RESUME,
        /** Let those that failed or were terminated go on. */
        RETRY,
        /** Delete them. */
        DELETE
    }

    /**
     * Something to do to all instances that a query asks for; answered with a {@link BulkResult}.
     *
     * @param limit how many instances at most
     * @param reason why, where the action takes one
     * @param options how far a deletion may go; null for only what has ended and has no children
     */
    public record Bulk(
            BulkAction action,
            InstanceQuery query,
            long limit,
            @Nullable String reason,
            @Nullable DeleteOptions options) {}
}
