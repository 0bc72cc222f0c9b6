package dev.rekindle;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into payloads and back. A payload is JSON text. Implementations are thread-safe, give the same text for
 * equal values, and never take the name of a class from a payload.
 */
public interface Codec {
    /**
     * The payload of a value.
     *
     * @throws RekindleException {@link ErrorCode#PAYLOAD_MISMATCH} when it can't be written
     */
    String encode(@Nullable Object value);

    /**
     * The value of a payload; null for the payload {@code null}.
     *
     * @throws RekindleException {@link ErrorCode#PAYLOAD_MISMATCH} when the payload does not fit the type
     */
    @Nullable
    Object decode(String payload, Type type);

    /** JSON by Jackson with its defaults: records, beans, collections, dates as ISO text. */
    static Codec json() {
        return JsonCodec.INSTANCE;
    }
}
