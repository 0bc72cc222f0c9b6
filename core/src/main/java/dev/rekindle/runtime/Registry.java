package dev.rekindle.runtime;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFunction;
import dev.rekindle.ErrorCode;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationFunction;
import dev.rekindle.RekindleException;
import dev.rekindle.runtime.replay.OrchestrationCode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The code that a node has. Immutable. */
public final class Registry {
    private final Map<String, ActivityCode<?, ?>> activities;
    private final Map<String, TreeMap<String, OrchestrationCode<?, ?>>> orchestrations;

    private Registry(Builder builder) {
        this.activities = Map.copyOf(builder.activities);
        this.orchestrations = Map.copyOf(builder.orchestrations);
    }

    /** An empty registry to fill. */
    public static Builder builder() {
        return new Builder();
    }

    Optional<ActivityCode<?, ?>> activity(String name) {
        return Optional.ofNullable(activities.get(name));
    }

    /** The code of this version, or of the latest one when the version is empty. */
    Optional<OrchestrationCode<?, ?>> orchestration(String name, String version) {
        TreeMap<String, OrchestrationCode<?, ?>> versions = orchestrations.get(name);
        if (versions == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(version.isEmpty() ? versions.lastEntry().getValue() : versions.get(version));
    }

    /** Names and versions of all orchestrations, for people. */
    String orchestrationNames() {
        StringBuilder names = new StringBuilder();
        orchestrations
                .values()
                .forEach(versions -> versions.values()
                        .forEach(code ->
                                names.append(names.isEmpty() ? "" : ", ").append(code.definition())));
        return names.isEmpty() ? "none" : names.toString();
    }

    /** Fills a registry. Not thread-safe. */
    public static final class Builder {
        private static final Comparator<String> BY_NUMBERS = new VersionOrder();

        private final Map<String, ActivityCode<?, ?>> activities = new HashMap<>();
        private final Map<String, TreeMap<String, OrchestrationCode<?, ?>>> orchestrations = new LinkedHashMap<>();

        private Builder() {}

        /** Adds an activity. */
        public <I, O> void activity(Activity<I, O> definition, ActivityFunction<? super I, ? extends O> code) {
            if (activities.putIfAbsent(definition.name(), new ActivityCode<>(definition, code)) != null) {
                throw registeredTwice("activity", definition.name());
            }
        }

        /** Adds a version of an orchestration. */
        public <I, O> void orchestration(
                Orchestration<I, O> definition, OrchestrationFunction<? super I, ? extends O> code) {
            TreeMap<String, OrchestrationCode<?, ?>> versions =
                    orchestrations.computeIfAbsent(definition.name(), key -> new TreeMap<>(BY_NUMBERS));
            if (versions.putIfAbsent(definition.version(), new OrchestrationCode<>(definition, code)) != null) {
                throw registeredTwice("orchestration", definition.toString());
            }
        }

        /** What was added so far. */
        public Registry build() {
            return new Registry(this);
        }

        private static RekindleException registeredTwice(String what, String name) {
            return new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s registered twice: '%s'; expected one piece of code for it. Remove one, or give it another name or version."
                            .formatted(what, name));
        }
    }
}
