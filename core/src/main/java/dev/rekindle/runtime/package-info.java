/** The edges around the pure core: dispatchers, residents, workers; everything with threads, clocks and a provider. */
@NullMarked
package dev.rekindle.runtime;

import org.jspecify.annotations.NullMarked;
