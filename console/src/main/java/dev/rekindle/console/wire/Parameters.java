package dev.rekindle.console.wire;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a URL or of a form. Instance ids travel here and never in a path: an id may be {@code ..} or have
 * slashes. Immutable and thread-safe.
 */
public final class Parameters {
    /** No parameters. */
    public static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /** These values, by name. */
    public static Parameters of(Map<String, List<String>> values) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, several) -> copy.put(name, List.copyOf(several)));
        return new Parameters(copy);
    }

    /**
     * What a form sends, or what stands behind the question mark of a URL.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when it is not encoded as it should be
     */
    public static Parameters parse(String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                values.computeIfAbsent(decoded(name), unused -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return new Parameters(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("parameters", text, "percent-encoded text", e);
        }
    }

    /** The query as parameters; {@link #query()} reads it back. */
    public static Parameters of(InstanceQuery query) {
        Parameters all = NONE;
        for (Status status : Status.values()) {
            all = query.statuses().contains(status) ? all.and("status", status.label()) : all;
        }
        all = all.and("orchestration", query.orchestration())
                .and("version", query.version())
                .and("prefix", query.idPrefix())
                .and("parent", query.parent())
                .and("roots", query.rootsOnly() ? "true" : null)
                .and("troubled", query.troubledOnly() ? "true" : null)
                .and("createdFrom", query.createdFrom())
                .and("createdBefore", query.createdBefore())
                .and("finishedBefore", query.finishedBefore());
        for (Map.Entry<String, String> attribute : query.attributes().entrySet()) {
            all = all.and("attribute", attribute.getKey() + "=" + attribute.getValue());
        }
        return all;
    }

    /**
     * The query that these parameters describe. An empty value is as good as none, but for {@code version}, where it asks
     * for the instances that have none yet: forms leave it out by sending {@code version} only when it is set.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when a value can't be read
     */
    public InstanceQuery query() {
        InstanceQuery query = InstanceQuery.ALL
                .withStatuses(all("status").stream()
                        .filter(text -> !text.isEmpty())
                        .map(Status::parse)
                        .collect(Collectors.toSet()))
                .withOrchestration(nonEmpty("orchestration"))
                .withVersion(text("version").orElse(null))
                .withIdPrefix(nonEmpty("prefix"))
                .withParent(nonEmpty("parent"))
                .withRootsOnly(flag("roots"))
                .withTroubledOnly(flag("troubled"))
                .withCreated(time("createdFrom"), time("createdBefore"))
                .withFinishedBefore(time("finishedBefore"));
        for (String attribute : all("attribute")) {
            if (!attribute.isBlank()) {
                int equals = attribute.indexOf('=');
                if (equals < 1) {
                    throw invalid("attribute", attribute, "name=value", null);
                }
                query = query.withAttribute(attribute.substring(0, equals), attribute.substring(equals + 1));
            }
        }
        return query;
    }

    /** With one more value; null adds nothing. */
    public Parameters and(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, List<String>> more = new LinkedHashMap<>(values);
        List<String> several = new ArrayList<>(all(name));
        several.add(value.toString());
        more.put(name, List.copyOf(several));
        return new Parameters(more);
    }

    /** Without a name and all its values. */
    public Parameters without(String name) {
        Map<String, List<String>> less = new LinkedHashMap<>(values);
        less.remove(name);
        return new Parameters(less);
    }

    /** The values, by name. */
    public Map<String, List<String>> asMap() {
        return values;
    }

    /** All values of a name. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The first value of a name. */
    public Optional<String> text(String name) {
        return all(name).stream().findFirst();
    }

    /** The first value of a name; null when it is empty or there is none. */
    public @Nullable String nonEmpty(String name) {
        return text(name).filter(value -> !value.isEmpty()).orElse(null);
    }

    /**
     * The first value of a name.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when there is none
     */
    public String required(String name) {
        return text(name)
                .orElseThrow(() -> new RekindleException(
                        ErrorCode.INVALID_ARGUMENT, "parameter missing: '%s'; expected a value.".formatted(name)));
    }

    /**
     * A number; empty when there is none.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when it is no number
     */
    public OptionalLong number(String name) {
        String text = nonEmpty(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw invalid(name, text, "a whole number", e);
        }
    }

    /**
     * One of the constants of an enum, by its name.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when there is none, or another name
     */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        String text = required(name);
        List<E> choices = List.of(type.getEnumConstants());
        return choices.stream()
                .filter(one -> one.name().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid(name, text, "one of " + choices, null));
    }

    /**
     * A time.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when there is none, or it is no time
     */
    public Instant requiredTime(String name) {
        Instant time = time(name);
        if (time == null) {
            throw invalid(name, "", "a time like 2026-01-31T12:00:00Z", null);
        }
        return time;
    }

    /** Whether something is wanted: {@code true} or what a ticked box sends. */
    public boolean flag(String name) {
        return text(name)
                .filter(value -> value.equals("true") || value.equals("on"))
                .isPresent();
    }

    /** A time, as ISO text or, as browsers send it, without a zone: then it is UTC. */
    private @Nullable Instant time(String name) {
        String text = nonEmpty(name);
        if (text == null) {
            return null;
        }
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw invalid(name, text, "a time like 2026-01-31T12:00:00Z", e);
        }
    }

    /** As they stand in a URL behind the question mark. */
    public String encoded() {
        return values.entrySet().stream()
                .flatMap(
                        entry -> entry.getValue().stream().map(value -> encoded(entry.getKey()) + "=" + encoded(value)))
                .collect(Collectors.joining("&"));
    }

    /** The path with these parameters behind it. */
    public String behind(String path) {
        return values.isEmpty() ? path : path + "?" + encoded();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static RekindleException invalid(String name, String text, String expected, @Nullable Throwable cause) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "can't read '%s': '%s'; expected %s. Correct it.".formatted(name, text, expected),
                cause);
    }
}
