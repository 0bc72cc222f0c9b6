package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;

import dev.rekindle.Rekindle;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import java.util.List;

/** What all checks of one theme have in hand: nodes on the store of a contract. */
abstract class RuntimeChecks {
    private final OrchestrationContract contract;

    RuntimeChecks(OrchestrationContract contract) {
        this.contract = contract;
    }

    Rekindle.Builder emptyNode() {
        return Rekindle.on(provider());
    }

    Rekindle.Builder node() {
        return emptyNode().activity(GREET, (ctx, name) -> "Hello " + name);
    }

    Provider provider() {
        return contract.provider();
    }

    List<Event> history(String instance) {
        return provider().read(instance);
    }
}
