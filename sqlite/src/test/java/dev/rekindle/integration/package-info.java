/** The whole of it: user code, runtime, client and a real SQLite store. */
@NullMarked
package dev.rekindle.integration;

import org.jspecify.annotations.NullMarked;
