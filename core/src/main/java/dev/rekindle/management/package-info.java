/** The management capability of a provider and the records it answers with. */
@NullMarked
package dev.rekindle.management;

import org.jspecify.annotations.NullMarked;
