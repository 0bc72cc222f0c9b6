/** The provider on PostgreSQL. */
@NullMarked
package dev.rekindle.postgres;

import org.jspecify.annotations.NullMarked;
