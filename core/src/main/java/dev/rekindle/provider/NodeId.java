package dev.rekindle.provider;

/**
 * One runtime that shares a store with others; unique for each start of a runtime, so that a restarted process never
 * takes itself for its former life. Immutable.
 *
 * @param value for example the process and a random part; at most 200 characters
 */
public record NodeId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
