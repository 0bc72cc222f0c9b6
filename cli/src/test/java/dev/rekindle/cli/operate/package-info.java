@NullMarked
package dev.rekindle.cli.operate;

import org.jspecify.annotations.NullMarked;
