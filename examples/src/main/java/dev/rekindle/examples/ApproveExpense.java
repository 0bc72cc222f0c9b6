package dev.rekindle.examples;

import dev.rekindle.Activity;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.Client;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Waiting for a person: an answer that comes as an event, and what happens when it does not come in time. */
public final class ApproveExpense {
    /** An expense, and how long the manager has before it goes to the director. */
    record Expense(String what, long euros, Duration managerHas) {}

    record Question(String whom, Expense expense) {}

    record Answer(String by, boolean approved) {}

    static final Activity<Question, String> ASK = Activity.named("Ask", Question.class, String.class);
    static final Orchestration<Expense, String> APPROVE =
            Orchestration.named("ApproveExpense", Expense.class, String.class);

    private ApproveExpense() {}

    static String approve(OrchestrationContext ctx, Expense expense) {
        ctx.call(ASK, new Question("manager", expense));
        try {
            return decision(ctx.event("answer", Answer.class).await(expense.managerHas()));
        } catch (AwaitTimeoutException late) {
            // The wait ended with its timeout: an answer that comes from now on goes to the next wait.
            ctx.call(ASK, new Question("director", expense));
            return decision(ctx.event("answer", Answer.class).await());
        }
    }

    private static String decision(Answer answer) {
        return (answer.approved() ? "approved by " : "declined by ") + answer.by();
    }

    /**
     * Runs it.
     *
     * @param args the store's URL; a database in memory unless it is given
     */
    public static void main(String[] args) throws InterruptedException {
        BlockingQueue<String> director = new LinkedBlockingQueue<>();
        try (Rekindle rekindle = Rekindle.open(args.length == 0 ? "sqlite::memory:" : args[0])
                .activity(ASK, (ctx, question) -> {
                    if (question.whom().equals("director")) {
                        director.add(ctx.instance());
                    }
                    return question.whom() + " was asked";
                })
                .orchestration(APPROVE, ApproveExpense::approve)
                .start()) {
            Client client = rekindle.client();

            Expense chair = new Expense("chair", 300, Duration.ofDays(2));
            InstanceHandle<String> first = client.start(APPROVE, "expense-" + UUID.randomUUID(), chair);
            client.raiseEvent(first.instance(), "answer", new Answer("the manager", true));
            System.out.println("chair: " + first.result(Duration.ofMinutes(1)));

            // Nobody answers this one until the director is asked.
            Expense trip = new Expense("trip", 2_000, Duration.ofMillis(100));
            InstanceHandle<String> second = client.start(APPROVE, "expense-" + UUID.randomUUID(), trip);
            client.raiseEvent(director.take(), "answer", new Answer("the director", false));
            System.out.println("trip: " + second.result(Duration.ofMinutes(1)));
        }
    }
}
