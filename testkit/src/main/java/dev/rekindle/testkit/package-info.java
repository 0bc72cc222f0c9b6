/** What every provider has to keep to, as JUnit classes that a provider's tests inherit. */
@NullMarked
package dev.rekindle.testkit;

import org.jspecify.annotations.NullMarked;
