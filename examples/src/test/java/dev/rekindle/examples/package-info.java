@NullMarked
package dev.rekindle.examples;

import org.jspecify.annotations.NullMarked;
