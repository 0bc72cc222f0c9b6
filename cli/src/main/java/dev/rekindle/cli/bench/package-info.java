/** Measures what a store and this machine can do. */
@NullMarked
package dev.rekindle.cli.bench;

import org.jspecify.annotations.NullMarked;
