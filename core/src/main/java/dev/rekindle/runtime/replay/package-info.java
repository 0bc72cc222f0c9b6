/**
 * The pure core: an execution as a function of its history and messages. Nothing here does I/O, reads a clock, draws
 * random numbers of its own, or knows a provider.
 *
 * <p>{@link dev.rekindle.runtime.replay.Execution} is the way in. It owns a {@code Journal} (what has happened, and
 * whether the code does the same again), {@code Branches} (the code's threads, one running at a time), {@code Mailboxes}
 * (messages and waits by channel), and {@code OpenCommands} (what was scheduled and has not come back).
 */
@NullMarked
package dev.rekindle.runtime.replay;

import org.jspecify.annotations.NullMarked;
