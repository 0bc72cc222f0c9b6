package dev.rekindle.runtime;

import dev.rekindle.Codec;
import dev.rekindle.RekindleOptions;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.Provider;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the rooms of a runtime share: the world outside, handed in.
 *
 * @param node who this runtime is to the provider
 * @param provider the store
 * @param registry the user's code
 * @param codec how values become payloads
 * @param options how the runtime behaves
 * @param clock the time that events are stamped with
 * @param ticker nanoseconds, for measuring durations
 * @param alarms runs short tasks later
 * @param patience repeats what the store could not do
 */
record RuntimeParts(
        NodeId node,
        Provider provider,
        Registry registry,
        Codec codec,
        RekindleOptions options,
        InstantSource clock,
        LongSupplier ticker,
        Alarms alarms,
        StorePatience patience) {}
