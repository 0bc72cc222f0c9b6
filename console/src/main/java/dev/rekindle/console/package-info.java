/** The web console and its HTTP API: {@link dev.rekindle.console.Console} starts both. */
@NullMarked
package dev.rekindle.console;

import org.jspecify.annotations.NullMarked;
