/** Rekindle's sqlite: the provider that keeps everything in one SQLite file. */
@NullMarked
package dev.rekindle.sqlite;

import org.jspecify.annotations.NullMarked;
