/** The provider SPI: the store and queues behind a runtime, and the events and work items that travel through them. */
@NullMarked
package dev.rekindle.provider;

import org.jspecify.annotations.NullMarked;
