/** Rekindle's examples: small programs, each showing one thing. */
@NullMarked
package dev.rekindle.examples;

import org.jspecify.annotations.NullMarked;
