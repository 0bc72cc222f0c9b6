package dev.rekindle;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Payloads by Jackson. Properties and map keys are sorted, so that equal values give equal text in a replay. */
final class JsonCodec implements Codec {
    static final JsonCodec INSTANCE = new JsonCodec();

    private final JsonMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    private JsonCodec() {}

    @Override
    public String encode(@Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.PAYLOAD_MISMATCH,
                    "can't write a value as JSON: '%s'; expected a value that Jackson can write, found: %s. Use a record."
                            .formatted(value == null ? "null" : value.getClass().getName(), e.getOriginalMessage()),
                    e);
        }
    }

    @Override
    public @Nullable Object decode(String payload, Type type) {
        if (type == Void.class || type == void.class) {
            return null;
        }
        try {
            return readers.computeIfAbsent(type, key -> mapper.readerFor(mapper.constructType(key)))
                    .readValue(payload);
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.PAYLOAD_MISMATCH,
                    "payload does not fit its type: '%s'; expected %s, found %s. Send what the definition declares."
                            .formatted(shortened(payload), type.getTypeName(), e.getOriginalMessage()),
                    e);
        }
    }

    private static String shortened(String payload) {
        return payload.length() <= 120 ? payload : payload.substring(0, 119) + "…";
    }
}
