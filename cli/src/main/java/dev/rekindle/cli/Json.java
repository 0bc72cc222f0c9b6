package dev.rekindle.cli;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The JSON that commands write for other programs: snake case, properties in the order of the record's components. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** Numbers stay as they were written. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectReader DOCUMENTS =
            EXACT.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The components of events and messages that are JSON texts. */
    private static final List<String> PAYLOADS = List.of("input", "output", "payload", "value");

    private static final int SHOWN = 80;

    private Json() {}

    /** The value on one line, without any character that commands a terminal. */
    public static String line(Object value) {
        return harmless(MAPPER.writeValueAsString(value));
    }

    /** The value as a tree: names in snake case as everywhere. */
    public static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A payload from the store as JSON; as a string where it is none. */
    public static JsonNode payload(@Nullable String text) {
        if (text == null) {
            return NullNode.getInstance();
        }
        try {
            return EXACT.readTree(text);
        } catch (JacksonException e) {
            return StringNode.valueOf(text);
        }
    }

    /** Makes the texts of an object that hold payloads part of its JSON. */
    public static ObjectNode withPayloads(ObjectNode form) {
        for (String name : PAYLOADS) {
            JsonNode text = form.get(name);
            if (text != null && text.isString()) {
                form.set(name, payload(text.asString()));
            }
        }
        return form;
    }

    /**
     * What somebody wrote as JSON.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when it is none
     */
    public static JsonNode parse(String what, String text) {
        try {
            return EXACT.readTree(text);
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "not JSON: %s '%s'; expected a JSON value, found: %s. Put texts in double quotes."
                            .formatted(
                                    what,
                                    text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text,
                                    e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * The JSON values that follow each other in a text, each as a text of its own.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when there are none, or something else follows
     */
    public static List<String> documents(String what, String text) {
        try (MappingIterator<JsonNode> values = DOCUMENTS.readValues(text)) {
            List<String> documents =
                    values.readAll().stream().map(JsonNode::toString).toList();
            if (documents.isEmpty()) {
                throw noDocuments(what, "nothing", null);
            }
            return documents;
        } catch (JacksonException e) {
            throw noDocuments(what, e.getOriginalMessage(), e);
        }
    }

    private static RekindleException noDocuments(String what, String found, @Nullable Exception cause) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "no JSON documents: '%s'; expected what an export wrote, found: %s. Export it again."
                        .formatted(what, found),
                cause);
    }

    /** A payload over several lines, as people like to read it. */
    public static List<String> pretty(JsonNode payload) {
        return EXACT.writerWithDefaultPrettyPrinter()
                .writeValueAsString(payload)
                .lines()
                .toList();
    }

    /**
     * A line of JSON without any character that commands a terminal. Outside of its strings it has none of them, so they
     * can be written as JSON escapes them.
     */
    public static String harmless(String json) {
        StringBuilder line = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                for (char half : Character.toChars(c)) {
                    line.append("\\u%04x".formatted((int) half));
                }
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** The value of a line that {@link #line} wrote. */
    public static <T> T read(String line, Class<T> type) {
        return MAPPER.readValue(line, type);
    }
}
