/** What the build asks of every file in the repository. */
@NullMarked
package dev.rekindle.tidy;

import org.jspecify.annotations.NullMarked;
