package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Activity;
import dev.rekindle.Codec;
import dev.rekindle.DurableFuture;
import dev.rekindle.ErrorCode;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.WorkItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Branches beside each other, what ends them, and where they may not be used. */
class BranchesTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);

    @Test
    void async_branches_takeTurnsInTheOrderOfHistory() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            StringBuilder seen = new StringBuilder();
            List<DurableFuture<Boolean>> branches = new ArrayList<>();
            for (String branch : List.of("a", "b", "c")) {
                branches.add(ctx.async(() -> {
                    seen.append(ctx.call(UPPER, branch));
                    seen.append(ctx.call(UPPER, branch + branch));
                    return true;
                }));
            }
            ctx.allOf(branches).await();
            return seen.toString();
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().activities())
                .extracting(queued -> queued.work().input())
                .containsExactly("\"a\"", "\"b\"", "\"c\"");
        rehearsal
                .completes(4, "3")
                .tell(Rehearsal.activityCompleted(2, "1"), Rehearsal.activityCompleted(3, "2"))
                .completes(6, "6")
                .completes(8, "8")
                .completes(10, "x");
        assertThat(rehearsal.output()).isEqualTo("\"31268x\"");
    }

    @Test
    void async_branchThrows_itsFutureThrows() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> branch = ctx.async(() -> {
                throw new IllegalStateException("branch broke");
            });
            try {
                return branch.await();
            } catch (IllegalStateException e) {
                return "caught " + e.getMessage();
            }
        });
        rehearsal.start("x");
        assertThat(rehearsal.output()).isEqualTo("\"caught branch broke\"");
    }

    @Test
    void async_branchThrowsWhatItDoesNotDeclare_itsFutureThrowsIt() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> branch = ctx.async(() -> throwUndeclared(new IOException("disk on fire")));
            try {
                return branch.await();
            } catch (Exception e) {
                return String.valueOf(e.getMessage());
            }
        });
        rehearsal.start("");
        assertThat(rehearsal.output()).isEqualTo("\"disk on fire\"");
    }

    @Test
    void code_diesOfWhatIsNoLogic_isStuck() {
        var code = new OrchestrationCode<String, String>(
                Orchestration.named("ProcessOrder", String.class, String.class),
                (ctx, name) -> throwUndeclared(new Throwable("neither exception nor error")));
        Execution execution =
                new Execution(new Identity(Rehearsal.INSTANCE, Rehearsal.RUN, 1, null), code, Codec.json());
        TurnOutcome outcome = Turn.take(
                execution,
                List.of(new WorkItem.StartOrchestration(
                        Rehearsal.INSTANCE, Rehearsal.RUN, "ProcessOrder", "", "\"\"", null)),
                Rehearsal.START);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TurnOutcome.Stuck.class,
                        stuck -> assertThat(stuck.problem())
                                .startsWith("TURN_BROKE_OFF the code died")
                                .contains("neither exception nor error"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> String throwUndeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void context_usedOnAForeignThread_isRefused() throws InterruptedException {
        AtomicReference<OrchestrationContext> leaked = new AtomicReference<>();
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            leaked.set(ctx);
            return ctx.call(UPPER, name);
        });
        rehearsal.start("ann");
        assertThatThrownBy(() -> leaked.get().call(UPPER, "x"))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_CONTEXT));
        rehearsal.evict();
    }

    @Test
    void evict_codeThatCatchesExceptions_ends() {
        List<String> caught = Collections.synchronizedList(new ArrayList<>());
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (RuntimeException e) {
                caught.add("caught");
                return "";
            } finally {
                caught.add("finally");
            }
        });
        rehearsal.start("x").evict();
        assertThat(caught).containsOnly("finally");
    }
}
