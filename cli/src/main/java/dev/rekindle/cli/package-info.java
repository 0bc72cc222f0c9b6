/** Rekindle's cli: the command line. */
@NullMarked
package dev.rekindle.cli;

import org.jspecify.annotations.NullMarked;
