@NullMarked
package dev.rekindle.analytics;

import org.jspecify.annotations.NullMarked;
