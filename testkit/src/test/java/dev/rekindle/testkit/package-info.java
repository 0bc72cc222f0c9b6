@NullMarked
package dev.rekindle.testkit;

import org.jspecify.annotations.NullMarked;
