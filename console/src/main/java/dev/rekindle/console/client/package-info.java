/** A provider that reaches a store through the HTTP API of a console. */
@NullMarked
package dev.rekindle.console.client;

import org.jspecify.annotations.NullMarked;
