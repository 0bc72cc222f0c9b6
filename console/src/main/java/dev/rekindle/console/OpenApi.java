package dev.rekindle.console;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.rekindle.console.ApiRoute.Parameter;
import dev.rekindle.console.wire.Wire;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** The description of the API in the form of OpenAPI 3.1, made from its routes and the records that they exchange. */
final class OpenApi {
    private final List<ApiRoute> routes;
    private final Map<String, Object> schemas = new TreeMap<>();

    OpenApi(List<ApiRoute> routes) {
        this.routes = routes;
    }

    String text() {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (ApiRoute route : routes) {
            Object known = paths.computeIfAbsent("/api" + route.path(), unused -> new LinkedHashMap<String, Object>());
            @SuppressWarnings("unchecked") // Put there by the line above.
            Map<String, Object> path = (Map<String, Object>) known;
            path.put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        schema(Wire.type(Wire.Problem.class));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Rekindle console",
                        "version",
                        "1",
                        "description",
                        "Payloads are JSON text in strings, as the store holds them. Programs send the console's"
                                + " token, if it has one, as a bearer token."));
        document.put("security", List.of(Map.of("token", List.of())));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return Wire.pretty(Wire.write(document));
    }

    private Map<String, Object> operation(ApiRoute route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("summary", route.summary());
        operation.put(
                "operationId",
                route.method().toLowerCase(Locale.ROOT) + route.path().replaceAll("[^a-z]+", "_"));
        if (!route.parameters().isEmpty()) {
            operation.put(
                    "parameters",
                    route.parameters().stream().map(OpenApi::parameter).toList());
        }
        if (route.takes() != null) {
            operation.put("requestBody", Map.of("required", true, "content", json(schema(route.takes()))));
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        if (route.gives() == null) {
            responses.put("204", Map.of("description", "Done."));
        } else {
            responses.put("200", Map.of("description", "The answer.", "content", json(schema(route.gives()))));
        }
        responses.put("default", Map.of("description", "What went wrong.", "content", json(reference("Problem"))));
        operation.put("responses", responses);
        return operation;
    }

    private static Map<String, Object> parameter(Parameter parameter) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", parameter.name());
        described.put("in", "query");
        described.put("required", parameter.required());
        described.put("description", parameter.meaning());
        Map<String, Object> one = Map.of("type", parameter.type());
        described.put("schema", parameter.repeated() ? Map.of("type", "array", "items", one) : one);
        return described;
    }

    private static Map<String, Object> json(Map<String, Object> schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private static Map<String, Object> reference(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    // ---- schemas

    private Map<String, Object> schema(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw == String.class || raw == Duration.class) {
            return Map.of("type", "string");
        }
        if (raw == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (raw == double.class) {
            return Map.of("type", "number");
        }
        if (raw.isPrimitive() || Number.class.isAssignableFrom(raw)) {
            return Map.of("type", "integer");
        }
        if (raw.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(raw.getEnumConstants()).map(Object::toString).toList());
        }
        if (type.isCollectionLikeType()) {
            return Map.of("type", "array", "items", schema(type.getContentType()));
        }
        if (type.isMapLikeType()) {
            return Map.of("type", "object", "additionalProperties", schema(type.getContentType()));
        }
        return reference(named(type));
    }

    private String named(JavaType type) {
        Class<?> raw = type.getRawClass();
        String name = nameOf(raw);
        for (JavaType parameter : type.getBindings().getTypeParameters()) {
            name += "Of" + nameOf(parameter.getRawClass());
        }
        if (schemas.putIfAbsent(name, Map.of()) == null) {
            schemas.put(name, raw.isRecord() ? object(type) : oneOf(raw));
        }
        return name;
    }

    /** Events and messages have kinds of the same names. */
    private static String nameOf(Class<?> raw) {
        Class<?> outer = raw.getDeclaringClass();
        return outer != null && outer.isInterface()
                ? outer.getSimpleName() + "." + raw.getSimpleName()
                : raw.getSimpleName();
    }

    private Map<String, Object> object(JavaType type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRawClass().getRecordComponents()) {
            properties.put(component.getName(), schema(Wire.resolve(component.getGenericType(), type)));
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            }
        }
        return Map.of("type", "object", "properties", properties, "required", required);
    }

    /** One of several records, told apart by their {@code kind}. */
    private Map<String, Object> oneOf(Class<?> sealed) {
        JsonSubTypes kinds = kindsOf(sealed);
        if (kinds == null) {
            return Map.of("type", "object");
        }
        List<Object> alternatives = new ArrayList<>();
        for (JsonSubTypes.Type kind : kinds.value()) {
            if (sealed.isAssignableFrom(kind.value())) {
                Map<String, Object> with = Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("kind", Map.of("const", kind.name())),
                        "required",
                        List.of("kind"));
                alternatives.add(Map.of("allOf", List.of(with, schema(Wire.type(kind.value())))));
            }
        }
        return Map.of("oneOf", alternatives);
    }

    private static @Nullable JsonSubTypes kindsOf(Class<?> type) {
        JsonSubTypes own = type.getAnnotation(JsonSubTypes.class);
        return own != null || type.getInterfaces().length == 0 ? own : kindsOf(type.getInterfaces()[0]);
    }
}
