package dev.rekindle.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.management.InstanceExport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.CollectionType;

/**
 * Events and work items as the JSON text that providers store. The kinds are a closed list of names, never class names;
 * fields that a newer version added are ignored. Thread-safe.
 */
public final class JsonText {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final CollectionType EVENTS =
            MAPPER.getTypeFactory().constructCollectionType(List.class, Event.class);
    private static final ObjectWriter EVENT_WRITER = MAPPER.writerFor(EVENTS);
    private static final ObjectReader EVENT_READER = MAPPER.readerFor(EVENTS);
    private static final ObjectWriter WORK_WRITER = MAPPER.writerFor(WorkItem.class);
    private static final ObjectReader WORK_READER = MAPPER.readerFor(WorkItem.class);

    private static final ObjectWriter EXPORT_WRITER =
            MAPPER.writerFor(InstanceExport.class).with(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectReader EXPORT_READER = MAPPER.readerFor(InstanceExport.class);

    private JsonText() {}

    /** The events as a JSON array. */
    public static String ofEvents(List<? extends Event> events) {
        return EVENT_WRITER.writeValueAsString(events);
    }

    /**
     * The events that {@link #ofEvents} wrote.
     *
     * @throws RekindleException {@link ErrorCode#HISTORY_UNREADABLE} when the text is damaged or from a newer version
     */
    public static List<Event> toEvents(String text) {
        try {
            return EVENT_READER.readValue(text);
        } catch (JacksonException e) {
            throw unreadable("events", e);
        }
    }

    /** The same events with ids from 1 on without gaps, and what refers to them accordingly. */
    public static List<Event> renumbered(List<Event> events) {
        Map<Long, Long> numbers = new HashMap<>();
        events.forEach(event -> numbers.put(event.id(), numbers.size() + 1L));
        ArrayNode tree = (ArrayNode) MAPPER.readTree(ofEvents(events));
        for (JsonNode node : tree) {
            ObjectNode event = (ObjectNode) node;
            for (String reference : List.of("id", "scheduledId")) {
                if (event.has(reference)) {
                    event.put(
                            reference, numbers.getOrDefault(event.get(reference).asLong(), 0L));
                }
            }
        }
        return EVENT_READER.readValue(tree);
    }

    /** The work item as a JSON object. */
    public static String ofWork(WorkItem work) {
        return WORK_WRITER.writeValueAsString(work);
    }

    /**
     * The work item that {@link #ofWork} wrote.
     *
     * @throws RekindleException {@link ErrorCode#HISTORY_UNREADABLE} when the text is damaged or from a newer version
     */
    public static WorkItem toWork(String text) {
        try {
            return WORK_READER.readValue(text);
        } catch (JacksonException e) {
            throw unreadable("a work item", e);
        }
    }

    /** The export as JSON, indented for people. */
    public static String ofExport(InstanceExport export) {
        return EXPORT_WRITER.writeValueAsString(export);
    }

    /**
     * The export that {@link #ofExport} wrote.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} when the text is no export
     */
    public static InstanceExport toExport(String text) {
        try {
            return EXPORT_READER.readValue(text);
        } catch (JacksonException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "not an exported instance: %s; expected the JSON that an export wrote. Export it again."
                            .formatted(e.getOriginalMessage()),
                    e);
        }
    }

    private static RekindleException unreadable(String what, JacksonException e) {
        return new RekindleException(
                ErrorCode.HISTORY_UNREADABLE,
                "can't read %s from the store: '%s'. They are damaged, or a newer version wrote them: upgrade this node."
                        .formatted(what, e.getOriginalMessage()),
                e);
    }
}
