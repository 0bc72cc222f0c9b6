/** The commands that look at a store and change what runs there. */
@NullMarked
package dev.rekindle.cli.operate;

import org.jspecify.annotations.NullMarked;
