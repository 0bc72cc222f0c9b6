@NullMarked
package dev.rekindle.management;

import org.jspecify.annotations.NullMarked;
