package dev.rekindle.sqlite;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.MapType;

/** What this provider stores as JSON beside events and work items. Stateless. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final MapType ATTRIBUTES =
            MAPPER.getTypeFactory().constructMapType(Map.class, String.class, String.class);
    private static final ObjectWriter ATTRIBUTE_WRITER = MAPPER.writerFor(ATTRIBUTES);
    private static final ObjectReader ATTRIBUTE_READER = MAPPER.readerFor(ATTRIBUTES);

    private static final ObjectWriter CHANGE_WRITER = MAPPER.writerFor(Change.class);
    private static final ObjectReader CHANGE_READER = MAPPER.readerFor(Change.class);
    private static final ObjectWriter ANSWER_WRITER = MAPPER.writerFor(Answer.class);
    private static final ObjectReader ANSWER_READER = MAPPER.readerFor(Answer.class);

    private Json() {}

    static String ofChange(Change change) {
        return CHANGE_WRITER.writeValueAsString(change);
    }

    /**
     * The change that {@link #ofChange} wrote.
     *
     * @throws RekindleException {@link ErrorCode#STORE_NEWER} when it can't be read
     */
    static Change toChange(String text) {
        try {
            return CHANGE_READER.readValue(text);
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.STORE_NEWER,
                    "can't read what is to be changed: %s; expected a change that the owner's version knows. Upgrade it."
                            .formatted(e.getOriginalMessage()),
                    e);
        }
    }

    static String ofAnswer(Answer answer) {
        return ANSWER_WRITER.writeValueAsString(answer);
    }

    static Answer toAnswer(String text) {
        return ANSWER_READER.readValue(text);
    }

    /** The attributes of an instance, in the order of their names; null when it has none. */
    static @Nullable String ofAttributes(Map<String, String> attributes) {
        return attributes.isEmpty() ? null : ATTRIBUTE_WRITER.writeValueAsString(new TreeMap<>(attributes));
    }

    static Map<String, String> toAttributes(@Nullable String text) {
        return text == null ? Map.of() : ATTRIBUTE_READER.readValue(text);
    }
}
