package dev.rekindle.runtime;

import dev.rekindle.Activity;
import dev.rekindle.ActivityContext;
import dev.rekindle.ActivityFunction;
import org.jspecify.annotations.Nullable;

/** An activity's definition with the code that runs it. */
record ActivityCode<I, O>(Activity<I, O> definition, ActivityFunction<? super I, ? extends O> function) {
    /** Runs the code with an input that was decoded as the definition's input type. */
    @SuppressWarnings({"unchecked", "NullAway"}) // null is a value of every declared type, as in JSON
    @Nullable
    Object run(ActivityContext context, @Nullable Object input) throws Exception {
        return function.run(context, (I) input);
    }
}
