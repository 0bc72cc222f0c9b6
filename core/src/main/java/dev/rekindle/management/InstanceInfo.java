package dev.rekindle.management;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.provider.ParentLink;
import org.jspecify.annotations.Nullable;

/**
 * One instance as management sees it. Immutable.
 *
 * @param snapshot where it stands
 * @param parent whose child it is, if it is one
 * @param events how many events its current execution has
 */
public record InstanceInfo(
        InstanceSnapshot snapshot, @Nullable ParentLink parent, long events) {}
