package dev.rekindle;

import java.util.Objects;

/**
 * The definition of an orchestration: its durable name, its version and its types. A constant; the code that runs it is
 * registered beside it. Immutable.
 *
 * <p>An instance stays on the version that it began with. A change that an old history could not replay wants a new
 * version, with the old code registered beside it until its instances have ended.
 *
 * @param <I> what it takes
 * @param <O> what it returns
 */
public final class Orchestration<I, O> {
    /** The version of a definition that names none. */
    public static final String DEFAULT_VERSION = "1.0";

    private final String name;
    private final String version;
    private final TypeRef<I> input;
    private final TypeRef<O> output;

    private Orchestration(String name, String version, TypeRef<I> input, TypeRef<O> output) {
        this.name = Limits.checkName("orchestration name", name);
        this.version = Limits.checkName("orchestration version", version);
        this.input = Objects.requireNonNull(input, "input");
        this.output = Objects.requireNonNull(output, "output");
    }

    /**
     * An orchestration with this name, these types and the version {@value #DEFAULT_VERSION}.
     *
     * @throws RekindleException when the name is not 1 to {@link Limits#MAX_NAME_CHARS} printable characters
     */
    public static <I, O> Orchestration<I, O> named(String name, Class<I> input, Class<O> output) {
        return named(name, TypeRef.of(input), TypeRef.of(output));
    }

    /** Like {@link #named(String, Class, Class)}, for generic types. */
    public static <I, O> Orchestration<I, O> named(String name, TypeRef<I> input, TypeRef<O> output) {
        return new Orchestration<>(name, DEFAULT_VERSION, input, output);
    }

    /**
     * The same definition with another version. Versions of one name are compared number by number, so that
     * {@code 1.10} is later than {@code 1.9}; the latest that is registered runs starts that name no version.
     */
    public Orchestration<I, O> version(String version) {
        return new Orchestration<>(name, version, input, output);
    }

    /** The durable name. */
    public String name() {
        return name;
    }

    /** The version. */
    public String version() {
        return version;
    }

    /** The type that it takes. */
    public TypeRef<I> input() {
        return input;
    }

    /** The type that it returns. */
    public TypeRef<O> output() {
        return output;
    }

    /** Name and version. */
    @Override
    public String toString() {
        return name + " " + version;
    }
}
