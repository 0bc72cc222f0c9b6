@NullMarked
package dev.rekindle.jdbc;

import org.jspecify.annotations.NullMarked;
