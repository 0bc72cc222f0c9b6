/** A provider that keeps everything in memory, with management and without. */
@NullMarked
package dev.rekindle.memory;

import org.jspecify.annotations.NullMarked;
