@NullMarked
package dev.rekindle.runtime;

import org.jspecify.annotations.NullMarked;
