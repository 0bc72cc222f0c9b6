package dev.rekindle.testkit;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What every provider keeps, as some hundreds of checks in themes. A provider's test inherits all of them with one class,
 * which says how to open an empty store:
 *
 * <pre>{@code
 * class MyProviderTest extends ProviderContract {
 *     @Override
 *     protected TestStore store(TestClock clock) {
 *         return new MyTestStore(clock);
 *     }
 * }
 * }</pre>
 *
 * <p>Time is the given clock's: nothing sleeps. What the store {@linkplain TestStore#lacks() lacks} is skipped by name,
 * and {@link Skips} on the class says how many those are. After each check the whole store is looked over, if the
 * provider has {@link dev.rekindle.provider.InspectionCapability}.
 */
@Timeout(60)
public abstract class ProviderContract {
    @RegisterExtension
    static final SkipCount SKIPS = new SkipCount();

    private final Bench bench = new Bench();

    /** For subclasses. */
    protected ProviderContract() {}

    /**
     * Makes an empty store that goes by this clock. Called once for each check.
     *
     * @param clock the time of the store, for its leases, timers and visibility; its time passes through {@link
     *     TestStore#move}
     */
    protected abstract TestStore store(TestClock clock);

    @BeforeEach
    void openStore(TestInfo test) {
        bench.set(store(bench.clock));
        test.getTestClass()
                .flatMap(type -> AnnotationSupport.findAnnotation(type, Needs.class))
                .ifPresent(needs -> bench.require(needs.value()));
        test.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, Needs.class))
                .ifPresent(needs -> bench.require(needs.value()));
    }

    @AfterEach
    void lookItOver(TestInfo test) {
        try {
            if (!leavesDamage(test)) {
                new Aftermath(bench).check();
            }
        } finally {
            bench.close();
        }
    }

    private static boolean leavesDamage(TestInfo test) {
        Optional<LeavesDamage> theme =
                test.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, LeavesDamage.class));
        return theme.or(() -> test.getTestMethod()
                        .flatMap(method -> AnnotationSupport.findAnnotation(method, LeavesDamage.class)))
                .isPresent();
    }

    @Nested
    class Creation extends CreationChecks {
        Creation() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class EagerStarts extends EagerStartChecks {
        EagerStarts() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Messages extends MessageChecks {
        Messages() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Turns extends TurnChecks {
        Turns() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Ends extends FinishChecks {
        Ends() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Executions extends ContinueAsNewChecks {
        Executions() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Leases extends LeaseChecks {
        Leases() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Activities extends WorkChecks {
        Activities() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Delays extends DelayChecks {
        Delays() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Waits extends WaitChecks {
        Waits() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Cancellations extends CancellationChecks {
        Cancellations() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Mailboxes extends MailboxChecks {
        Mailboxes() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class CustomStatuses extends CustomStatusChecks {
        CustomStatuses() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class FormerLives extends FormerLifeChecks {
        FormerLives() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Repairs extends RepairChecks {
        Repairs() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Closings extends ClosingChecks {
        Closings() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class NodeDeaths extends NodeDeathChecks {
        NodeDeaths() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Restarts extends RestartChecks {
        Restarts() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Clients extends ClientChecks {
        Clients() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Takeovers extends TakeoverChecks {
        Takeovers() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class LostAnswers extends LostAnswerChecks {
        LostAnswers() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class DamagedRows extends DamageChecks {
        DamagedRows() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Fairness extends FairnessChecks {
        Fairness() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class LongHistories extends LongHistoryChecks {
        LongHistories() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Sizes extends SizeChecks {
        Sizes() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Storms extends StormChecks {
        Storms() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Management extends ManagementChecks {
        Management() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Queries extends QueryChecks {
        Queries() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Views extends ViewChecks {
        Views() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Suspensions extends SuspendChecks {
        Suspensions() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Reopenings extends ReopenChecks {
        Reopenings() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Deletions extends DeleteChecks {
        Deletions() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Prunings extends PruneChecks {
        Prunings() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Exports extends ExportChecks {
        Exports() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Operations extends OperationStormChecks {
        Operations() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Figures extends AnalyticsChecks {
        Figures() {
            super(ProviderContract.this.bench);
        }
    }

    @Nested
    class Inspections extends InspectionChecks {
        Inspections() {
            super(ProviderContract.this.bench);
        }
    }
}
