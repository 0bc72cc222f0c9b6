/** The main job on real input: archives a directory durably. */
@NullMarked
package dev.rekindle.cli.demo;

import org.jspecify.annotations.NullMarked;
