@NullMarked
package dev.rekindle.runtime.replay;

import org.jspecify.annotations.NullMarked;
