/** What users write against: definitions, contexts, the client and the embedded runtime. */
@NullMarked
package dev.rekindle;

import org.jspecify.annotations.NullMarked;
