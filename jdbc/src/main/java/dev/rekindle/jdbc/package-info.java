/** What the providers on JDBC share. Internal: nothing of it is promised to anyone else. */
@NullMarked
package dev.rekindle.jdbc;

import org.jspecify.annotations.NullMarked;
