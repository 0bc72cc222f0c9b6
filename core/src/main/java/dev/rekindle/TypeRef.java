package dev.rekindle;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * Names a generic type, for example {@code new TypeRef<List<Order>>() {}}. Immutable.
 *
 * @param <T> the type that it names
 */
public abstract class TypeRef<T> {
    private final Type type;

    /** To be called by an anonymous subclass that fixes {@code T}. */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "TypeRef without a type: '%s'; expected new TypeRef<SomeType>() {}.".formatted(getClass()));
        }
        this.type = parameterized.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    /** The reference for a class. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new TypeRef<>(type) {};
    }

    /** The type that this names. */
    public final Type type() {
        return type;
    }
}
