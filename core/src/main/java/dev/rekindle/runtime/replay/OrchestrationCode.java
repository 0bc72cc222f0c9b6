package dev.rekindle.runtime.replay;

import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.OrchestrationFunction;
import org.jspecify.annotations.Nullable;

/**
 * A definition with the code that runs it.
 *
 * @param definition name, version and types
 * @param function the user's code
 */
public record OrchestrationCode<I, O>(
        Orchestration<I, O> definition, OrchestrationFunction<? super I, ? extends O> function) {

    /** Runs the code with an input that was decoded as the definition's input type. */
    @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of every declared type, as in JSON
    @Nullable
    Object run(OrchestrationContext context, @Nullable Object input) throws Exception {
        return function.run(context, (I) input);
    }
}
