package dev.rekindle.cli;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that commands write for other programs: snake case, properties in the order of the record's components. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /** The value on one line. */
    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The value of a line that {@link #line} wrote. */
    public static <T> T read(String line, Class<T> type) {
        return MAPPER.readValue(line, type);
    }
}
