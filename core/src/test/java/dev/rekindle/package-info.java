@NullMarked
package dev.rekindle;

import org.jspecify.annotations.NullMarked;
