package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.ChildFailedException;
import dev.rekindle.Codec;
import dev.rekindle.DurableFuture;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Activity<Integer, Integer> DOUBLE = Activity.named("Double", Integer.class, Integer.class);
    private static final Orchestration<String, String> CHILD =
            Orchestration.named("Child", String.class, String.class).version("2.1");

    // ---- activities

    @Test
    void call_activityCompletes_returnsItsOutput() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> "<" + ctx.call(UPPER, name) + ">");
        rehearsal.start("ann");
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("OrchestrationStarted", "ActivityScheduled");
        assertThat(rehearsal.commit().effects().activities())
                .singleElement()
                .satisfies(queued -> assertThat(queued.work().input()).isEqualTo("\"ann\""));
        rehearsal.completes(2, "ANN");
        assertThat(rehearsal.output()).isEqualTo("\"<ANN>\"");
        assertThat(rehearsal.history()).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void call_activityFails_throwsWithTheFailure() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (ActivityFailedException e) {
                return e.code() + ": " + e.failure().message();
            }
        });
        rehearsal.start("ann").fails(2, "disk on fire");
        assertThat(rehearsal.output()).isEqualTo("\"ACTIVITY_FAILED: disk on fire\"");
    }

    @Test
    void call_activityFailureNotCaught_failsTheInstance() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal.start("ann").fails(2, "disk on fire");
        assertThat(rehearsal.failure().type()).isEqualTo("ACTIVITY_FAILED");
        assertThat(rehearsal.failure().message()).contains("Upper").contains("disk on fire");
    }

    @Test
    void schedule_options_travelInTheWorkItem() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) ->
                        ctx.call(UPPER, name, retry -> retry.maxAttempts(5).backoff(Duration.ofSeconds(7))));
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().activities()).singleElement().satisfies(queued -> {
            assertThat(queued.work().options().maxAttempts()).isEqualTo(5);
            assertThat(queued.work().options().backoff()).isEqualTo(Duration.ofSeconds(7));
        });
    }

    @Test
    void completion_ofSomethingUnknown_isDropped() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal.start("ann").completes(77, "?");
        assertThat(rehearsal.events()).isEmpty();
        rehearsal.completes(2, "ANN");
        assertThat(rehearsal.output()).isEqualTo("\"ANN\"");
    }

    @Test
    void completion_ofAnotherExecutionOrRun_isDropped() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal
                .start("ann")
                .tell(
                        new WorkItem.ActivityCompleted(Rehearsal.INSTANCE, Rehearsal.RUN, 9, 2, "\"x\""),
                        new WorkItem.ActivityCompleted(Rehearsal.INSTANCE, "former life", 1, 2, "\"x\""));
        assertThat(rehearsal.events()).isEmpty();
    }

    @Test
    void completion_deliveredTwice_countsOnce() {
        var rehearsal =
                Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name) + ctx.call(UPPER, "b"));
        rehearsal.start("ann").tell(Rehearsal.activityCompleted(2, "first"), Rehearsal.activityCompleted(2, "second"));
        assertThat(rehearsal.events())
                .filteredOn(Event.ActivityCompleted.class::isInstance)
                .hasSize(1);
    }

    @Test
    void schedule_notAwaitedBeforeTheEnd_isNeverQueued() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.schedule(UPPER, name);
            return "done";
        });
        rehearsal.start("ann");
        assertThat(rehearsal.output()).isEqualTo("\"done\"");
        assertThat(rehearsal.commit().effects().activities()).isEmpty();
    }

    // ---- joins

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 10_000})
    void allOf_completionsInAnyOrder_givesResultsInOrder(int width) {
        var rehearsal =
                Rehearsal.of(
                        Integer.class,
                        Integer.class,
                        (ctx, count) -> ctx
                                .allOf(IntStream.range(0, count)
                                        .mapToObj(i -> ctx.schedule(DOUBLE, i))
                                        .toList())
                                .await()
                                .stream()
                                .reduce(0, (sum, value) -> sum * 7 + value));
        rehearsal.start(width);
        List<Long> ids = new ArrayList<>(LongStream.range(2, 2 + width).boxed().toList());
        Collections.shuffle(ids, new Random(42));
        rehearsal.tell(ids.stream()
                .map(id -> Rehearsal.activityCompleted(id, (id - 2) * 2))
                .toArray(WorkItem.OrchestratorWork[]::new));
        int expected = IntStream.range(0, width).map(i -> i * 2).reduce(0, (sum, value) -> sum * 7 + value);
        assertThat(rehearsal.output()).isEqualTo(String.valueOf(expected));
    }

    @Test
    void allOf_oneFails_failsAtOnce() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            List<DurableFuture<String>> both = List.of(ctx.schedule(UPPER, "a"), ctx.schedule(UPPER, "b"));
            try {
                return String.join(",", ctx.allOf(both).await());
            } catch (ActivityFailedException e) {
                return "failed";
            }
        });
        rehearsal.start("x").fails(3, "no");
        assertThat(rehearsal.output()).isEqualTo("\"failed\"");
        assertThat(rehearsal.lastTurn().unwantedActivities()).containsExactly(2L);
    }

    @Test
    void anyOf_loserComesLater_doesNotDisturbTheNextWait() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> a = ctx.schedule(UPPER, "a");
            DurableFuture<String> b = ctx.schedule(UPPER, "b");
            String winner = ctx.anyOf(List.of(a, b)).await();
            String third = ctx.call(UPPER, "c");
            return winner + third + a.isDone() + b.isDone();
        });
        rehearsal.start("x").completes(3, "B");
        rehearsal.tell(Rehearsal.activityCompleted(2, "A"), Rehearsal.activityCompleted(5, "C"));
        assertThat(rehearsal.output()).isEqualTo("\"BCtruetrue\"");
    }

    @Test
    void anyOf_nothing_isRefused() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.<String>anyOf(List.of()).await());
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void futures_nestedFreely_resolve() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> timeout = ctx.timer(Duration.ofHours(1)).map(nothing -> "timeout");
            DurableFuture<String> work = ctx.allOf(List.of(ctx.schedule(UPPER, "a"), ctx.schedule(UPPER, "b")))
                    .map(results -> String.join("+", results));
            return ctx.anyOf(List.of(timeout, work)).await();
        });
        rehearsal.start("x").completes(4, "B").completes(3, "A");
        assertThat(rehearsal.output()).isEqualTo("\"A+B\"");
    }

    // ---- branches

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
    void payload_withHalfACharacter_isTheSameInAReplay() {
        String half = "\uD83D\uDE00".substring(0, 1);
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name + half);
            } catch (ActivityFailedException e) {
                return ctx.call(UPPER, e.failure().message());
            }
        });
        rehearsal.start("ann").fails(2, "no " + half + " here").completes(4, half);
        assertThat(rehearsal.history().get(1))
                .isEqualTo(new Event.ActivityScheduled(2, Rehearsal.START.plusSeconds(1), "Upper", "\"ann\\ud83d\""));
        assertThat(rehearsal.history().get(3))
                .isEqualTo(
                        new Event.ActivityScheduled(4, Rehearsal.START.plusSeconds(2), "Upper", "\"no \uFFFD here\""));
    }

    // ---- chains

    @ParameterizedTest
    @ValueSource(strings = {"map", "anyOf", "allOf"})
    void chain_ofTenThousand_completes(String kind) {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            DurableFuture<Integer> never = ctx.event("never", Integer.class);
            DurableFuture<Integer> chain = ctx.schedule(DOUBLE, 1);
            for (int i = 0; i < 10_000; i++) {
                chain = switch (kind) {
                    case "map" -> chain.map(value -> value + 1);
                    case "anyOf" -> ctx.anyOf(List.of(never, chain));
                    default -> ctx.<Integer>allOf(List.of(chain)).map(List::getFirst);
                };
            }
            return chain.await(Duration.ofHours(1));
        });
        rehearsal.start("").completes(3, 2);
        assertThat(rehearsal.output()).isEqualTo(kind.equals("map") ? "10002" : "2");
    }

    @Test
    void chain_ofTenThousandTimesOut_givesUpItsEvent() {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            DurableFuture<Integer> chain = ctx.event("numbers", Integer.class);
            for (int i = 0; i < 10_000; i++) {
                chain = ctx.anyOf(List.of(chain, chain));
            }
            try {
                return chain.await(Duration.ofHours(1));
            } catch (AwaitTimeoutException e) {
                return ctx.event("numbers", Integer.class).await();
            }
        });
        rehearsal.start("").fires(3).raises("numbers", 42);
        assertThat(rehearsal.output()).isEqualTo("42");
    }

    @Test
    void map_functionDiesOfAnError_throwsItEachTimeItIsTaken() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> broken = ctx.schedule(UPPER, name).map(value -> {
                throw new AssertionError("not upper: " + value);
            });
            String both = "";
            for (int i = 0; i < 2; i++) {
                try {
                    both += broken.await();
                } catch (AssertionError e) {
                    both += e.getMessage() + ";";
                }
            }
            return both;
        });
        rehearsal.start("ann").completes(2, "ann");
        assertThat(rehearsal.output()).isEqualTo("\"not upper: ann;not upper: ann;\"");
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

    // ---- time

    @Test
    void timer_fires_goesOn() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.sleep(Duration.ofDays(3));
            return ctx.now().toString();
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().timers())
                .containsExactly(
                        new TurnCommit.Timer(2, Rehearsal.START.plusSeconds(1).plus(Duration.ofDays(3))));
        rehearsal.fires(2);
        assertThat(rehearsal.output()).isEqualTo("\"2026-01-01T00:00:02Z\"");
    }

    @Test
    void timer_forEver_isSetForTheLatestTime() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.event("words", String.class).await(Duration.ofSeconds(Long.MAX_VALUE)));
        rehearsal.start("");
        assertThat(rehearsal.commit().effects().timers()).containsExactly(new TurnCommit.Timer(3, Limits.LATEST_TIME));
        rehearsal.raises("words", "at last");
        assertThat(rehearsal.output()).isEqualTo("\"at last\"");
    }

    @Test
    void timer_negative_isRefused() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.sleep(Duration.ofSeconds(-1));
            return "";
        });
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    // ---- events

    @Test
    void event_cameBeforeTheWait_wasKept() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.call(UPPER, name);
            return ctx.event("approval", String.class).await()
                    + ctx.event("approval", String.class).await();
        });
        rehearsal.start("x").raises("approval", "first").raises("other", "no").raises("approval", "second");
        rehearsal.completes(2, "X");
        assertThat(rehearsal.output()).isEqualTo("\"firstsecond\"");
        assertThat(rehearsal.commit().effects().deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.work()).isEqualTo(Rehearsal.event("other", "no")));
    }

    @Test
    void event_severalWaits_eachGetsOneInOrder() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> a = ctx.event("c", String.class);
            DurableFuture<String> b = ctx.event("c", String.class);
            return b.await() + a.await();
        });
        rehearsal.start("x").tell(Rehearsal.event("c", "1"), Rehearsal.event("c", "2"));
        assertThat(rehearsal.output()).isEqualTo("\"21\"");
    }

    @Test
    void event_timesOut_isGivenUpAndTheMessageGoesToTheNextWait() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.event("c", String.class).await(Duration.ofMinutes(1));
            } catch (AwaitTimeoutException e) {
                return "late " + ctx.event("c", String.class).await();
            }
        });
        rehearsal.start("x").fires(3);
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("TimerFired", "EventWaitEnded", "EventAwaited");
        rehearsal.raises("c", "message");
        assertThat(rehearsal.output()).isEqualTo("\"late message\"");
    }

    @Test
    void event_comesInTime_timerIsTakenBack() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.event("c", String.class).await(Duration.ofMinutes(1)) + ctx.call(UPPER, "x"));
        rehearsal.start("x").raises("c", "in time");
        assertThat(rehearsal.commit().effects().cancelledTimers()).containsExactly(3L);
        rehearsal.completes(6, "X");
        assertThat(rehearsal.output()).isEqualTo("\"in timeX\"");
    }

    @Test
    void event_ofTheWrongType_failsTheInstanceWithThePayload() {
        var rehearsal = Rehearsal.of(
                String.class,
                Integer.class,
                (ctx, name) -> ctx.event("c", Integer.class).await());
        rehearsal.start("x").raises("c", List.of("not", "a", "number"));
        assertThat(rehearsal.failure().type()).isEqualTo("PAYLOAD_MISMATCH");
        assertThat(rehearsal.failure().message()).contains("java.lang.Integer").contains("not");
    }

    @Test
    void send_toAnotherInstance_isAMessage() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.send("order-2", "poke", 7);
            return "sent";
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().messages())
                .containsExactly(new WorkItem.RaiseEvent("order-2", null, "poke", "7"));
    }

    // ---- children

    @Test
    void child_completes_returnsItsOutput() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.callChild(CHILD, name));
        rehearsal.start("ann");
        WorkItem.StartOrchestration start = (WorkItem.StartOrchestration)
                rehearsal.commit().effects().messages().getFirst();
        assertThat(start.instance()).isEqualTo("order-1:1.2");
        assertThat(start.version()).isEqualTo("2.1");
        assertThat(start.parent()).isNotNull();
        rehearsal.tell(new WorkItem.ChildCompleted(Rehearsal.INSTANCE, Rehearsal.RUN, 1, 2, "\"done\""));
        assertThat(rehearsal.output()).isEqualTo("\"done\"");
    }

    @Test
    void child_fails_throwsWithItsFailure() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.callChild(CHILD, name);
            } catch (ChildFailedException e) {
                return e.failure().type();
            }
        });
        rehearsal
                .start("ann")
                .tell(new WorkItem.ChildFailed(
                        Rehearsal.INSTANCE, Rehearsal.RUN, 1, 2, Failure.of(ErrorCode.INSTANCE_EXISTS, "", false)));
        assertThat(rehearsal.output()).isEqualTo("\"INSTANCE_EXISTS\"");
    }

    @Test
    void end_withChildrenUnderWay_asksThemToCancel() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.scheduleChild(CHILD, name);
            ctx.spawn(CHILD, "lives-on", name);
            return "done";
        });
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().messages())
                .filteredOn(WorkItem.CancelInstance.class::isInstance)
                .extracting(WorkItem::instance)
                .containsExactly("order-1:1.2");
    }

    @Test
    void end_ofAChild_tellsItsParent() {
        var parent = new dev.rekindle.provider.ParentLink("boss", "boss-run", 4, 9);
        var rehearsal =
                Rehearsal.of(String.class, String.class, (ctx, name) -> name).childOf(parent);
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().messages())
                .containsExactly(new WorkItem.ChildCompleted("boss", "boss-run", 4, 9, "\"ann\""));
    }

    // ---- continue as new

    @Test
    void continueAsNew_carriesMessagesThatNobodyTook() {
        Orchestration<Integer, String> self =
                Orchestration.named("ProcessOrder", Integer.class, String.class).version("1.1");
        var rehearsal = Rehearsal.of(Integer.class, String.class, (ctx, round) -> {
            ctx.event("go", String.class).await();
            return ctx.continueAsNew(self, round + 1);
        });
        rehearsal
                .start(1)
                .tell(
                        Rehearsal.event("kept", "a"),
                        Rehearsal.event("go", "!"),
                        Rehearsal.event("go", "again"),
                        Rehearsal.activityCompleted(99, "stale"));
        TurnCommit.Transition.ContinueAsNew next =
                (TurnCommit.Transition.ContinueAsNew) rehearsal.commit().transition();
        assertThat(next.next().input()).isEqualTo("2");
        assertThat(next.next().version()).isEqualTo("1.1");
        assertThat(next.next().carried()).containsExactly(Rehearsal.event("kept", "a"), Rehearsal.event("go", "again"));
    }

    @Test
    void start_behindOtherMessages_comesFirst() {
        var rehearsal = Rehearsal.of(
                Integer.class,
                String.class,
                (ctx, n) -> ctx.event("go", String.class).await()
                        + ctx.event("go", String.class).await());
        rehearsal.tell(
                Rehearsal.event("go", "newer"),
                new WorkItem.ContinueAsNew(
                        Rehearsal.INSTANCE,
                        Rehearsal.RUN,
                        "ProcessOrder",
                        "1.0",
                        "1",
                        null,
                        List.of(Rehearsal.event("go", "older"))));
        assertThat(rehearsal.output()).isEqualTo("\"oldernewer\"");
    }

    @Test
    void continueAsNew_asAnotherOrchestration_isRefused() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.continueAsNew(CHILD, name));
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    // ---- deterministic values

    @Test
    void valuesOfTheContext_areTheSameInEveryReplay() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            String values = ctx.newUuid() + " " + ctx.random().nextInt() + " " + ctx.now();
            ctx.call(UPPER, values);
            return values + ctx.newUuid() + ctx.random().nextLong();
        });
        rehearsal.start("x").completes(2, "");
        assertThat(rehearsal.output()).contains("2026-01-01T00:00:01Z");
    }

    @Test
    void newUuid_isARandomUuidOfVersion4() {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            java.util.UUID id = ctx.newUuid();
            return id.version() * 10 + id.variant();
        });
        rehearsal.start("x");
        assertThat(rehearsal.output()).isEqualTo("42");
    }

    @Test
    void setCustomStatus_lastOneOfTheTurn_isShown() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.setCustomStatus("a");
            ctx.setCustomStatus(List.of(1, 2));
            return ctx.call(UPPER, name);
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().customStatus()).isEqualTo(new TurnCommit.CustomStatus("[1,2]"));
        rehearsal.evict();
    }

    // ---- eviction

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
