package dev.rekindle;

import java.util.Objects;

/**
 * The definition of an activity: its durable name and its types. A constant; the code that runs it is registered beside
 * it. Immutable.
 *
 * @param <I> what it takes
 * @param <O> what it returns
 */
public final class Activity<I, O> {
    private final String name;
    private final TypeRef<I> input;
    private final TypeRef<O> output;

    private Activity(String name, TypeRef<I> input, TypeRef<O> output) {
        this.name = Limits.checkName("activity name", name);
        this.input = Objects.requireNonNull(input, "input");
        this.output = Objects.requireNonNull(output, "output");
    }

    /**
     * An activity with this name and these types.
     *
     * @throws RekindleException when the name is not 1 to {@link Limits#MAX_NAME_CHARS} printable characters
     */
    public static <I, O> Activity<I, O> named(String name, Class<I> input, Class<O> output) {
        return named(name, TypeRef.of(input), TypeRef.of(output));
    }

    /** Like {@link #named(String, Class, Class)}, for generic types. */
    public static <I, O> Activity<I, O> named(String name, TypeRef<I> input, TypeRef<O> output) {
        return new Activity<>(name, input, output);
    }

    /** The durable name. */
    public String name() {
        return name;
    }

    /** The type that it takes. */
    public TypeRef<I> input() {
        return input;
    }

    /** The type that it returns. */
    public TypeRef<O> output() {
        return output;
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
