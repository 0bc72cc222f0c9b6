package dev.rekindle.provider;

/**
 * Shows everything that a store holds, row by row. It is for oracles in tests and for repair tools, on stores that fit
 * into memory; management is what operators use.
 */
public interface InspectionCapability extends Capability {
    /**
     * Reads the whole store in one consistent snapshot.
     *
     * @throws dev.rekindle.RekindleException {@code HISTORY_UNREADABLE} when a row can't be decoded
     */
    StoreImage inspect();
}
