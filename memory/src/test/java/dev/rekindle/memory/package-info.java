@NullMarked
package dev.rekindle.memory;

import org.jspecify.annotations.NullMarked;
