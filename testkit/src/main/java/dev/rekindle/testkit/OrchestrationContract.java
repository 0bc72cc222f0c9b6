package dev.rekindle.testkit;

import dev.rekindle.provider.Provider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * What the code of a user sees, end to end: a runtime on a provider. A provider's test inherits it and says how to open
 * an empty store.
 */
public abstract class OrchestrationContract {
    private @Nullable Provider provider;

    /** For subclasses. */
    protected OrchestrationContract() {}

    /** Opens an empty store; it is closed after the test. */
    protected abstract Provider open();

    /** The store of this test. */
    Provider provider() {
        Provider opened = provider;
        if (opened == null) {
            opened = open();
            provider = opened;
        }
        return opened;
    }

    @AfterEach
    void closeProvider() {
        if (provider != null) {
            provider.close();
        }
    }

    @Nested
    class Activities extends RuntimeActivityChecks {
        Activities() {
            super(OrchestrationContract.this);
        }
    }

    @Nested
    class Waits extends RuntimeWaitChecks {
        Waits() {
            super(OrchestrationContract.this);
        }
    }

    @Nested
    class Families extends RuntimeFamilyChecks {
        Families() {
            super(OrchestrationContract.this);
        }
    }

    @Nested
    class Ends extends RuntimeEndChecks {
        Ends() {
            super(OrchestrationContract.this);
        }
    }
}
