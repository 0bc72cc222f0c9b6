package dev.rekindle.provider;

import java.util.OptionalLong;

/**
 * What stands where a URL points. Immutable.
 *
 * @param exists whether there is a store at all
 * @param schema which version of its tables it has; 0 when there is none
 * @param latestSchema which version this provider would bring it to
 * @param bytes how much room it takes, if that is known
 * @param freeBytes how much more there is for it, if that is known
 */
public record StoreFacts(boolean exists, int schema, int latestSchema, OptionalLong bytes, OptionalLong freeBytes) {
    /** Where nothing is yet. */
    public static StoreFacts nothing(int latestSchema) {
        return new StoreFacts(false, 0, latestSchema, OptionalLong.empty(), OptionalLong.empty());
    }
}
