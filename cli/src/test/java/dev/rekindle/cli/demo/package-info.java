@NullMarked
package dev.rekindle.cli.demo;

import org.jspecify.annotations.NullMarked;
