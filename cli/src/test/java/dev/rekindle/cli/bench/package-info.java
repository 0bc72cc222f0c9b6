@NullMarked
package dev.rekindle.cli.bench;

import org.jspecify.annotations.NullMarked;
