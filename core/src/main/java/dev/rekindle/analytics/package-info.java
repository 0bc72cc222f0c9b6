/** The analytics capability of a provider: how often, how long, where time went. */
@NullMarked
package dev.rekindle.analytics;

import org.jspecify.annotations.NullMarked;
