/** What goes over the wire between the HTTP API and its callers. Not exported. */
@NullMarked
package dev.rekindle.console.wire;

import org.jspecify.annotations.NullMarked;
