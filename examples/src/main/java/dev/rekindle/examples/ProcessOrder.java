package dev.rekindle.examples;

import dev.rekindle.Activity;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An order that reserves stock, waits for somebody's approval and charges a card: retries, and an effect that happens
 * once although its activity runs more than once.
 */
public final class ProcessOrder {
    record Order(String id, String item, int quantity) {}

    record Approval(String by) {}

    record Receipt(String id, long cents) {}

    // snippet: process
    static final Activity<Order, String> RESERVE = Activity.named("Reserve", Order.class, String.class);
    static final Activity<Order, Receipt> CHARGE = Activity.named("Charge", Order.class, Receipt.class);
    static final Orchestration<Order, Receipt> PROCESS =
            Orchestration.named("ProcessOrder", Order.class, Receipt.class);
    // snippet end

    private ProcessOrder() {}

    // snippet: process
    static Receipt process(OrchestrationContext ctx, Order order) {
        String hold = ctx.call(RESERVE, order);
        ctx.setCustomStatus("reserved as " + hold + ", waiting for approval");

        // May take days and costs nothing meanwhile: the process may be restarted, or be another one.
        Approval approval = ctx.event("approval", Approval.class).await(Duration.ofDays(3));
        ctx.setCustomStatus("approved by " + approval.by());

        return ctx.call(CHARGE, order, retry -> retry.maxAttempts(5).backoff(Duration.ofMillis(50)));
    }
    // snippet end

    /** A payment service that is down at first, and that charges once for each key, however often it is asked. */
    static final class Payments {
        private final Map<String, Receipt> charged = new ConcurrentHashMap<>();
        private final AtomicInteger requests = new AtomicInteger();

        Receipt charge(Order order, String key) throws IOException {
            if (requests.incrementAndGet() == 1) {
                throw new IOException("payment service is down");
            }
            return charged.computeIfAbsent(key, once -> new Receipt("receipt-" + order.id(), order.quantity() * 450L));
        }
    }

    /**
     * Runs it.
     *
     * @param args the store's URL; a database in memory unless it is given
     */
    public static void main(String[] args) throws InterruptedException {
        Payments payments = new Payments();
        // snippet: open
        try (Rekindle rekindle = Rekindle.open(args.length == 0 ? "sqlite::memory:" : args[0])
                .activity(RESERVE, (ctx, order) -> order.quantity() + " x " + order.item())
                .activity(CHARGE, (ctx, order) -> payments.charge(order, ctx.idempotencyKey()))
                .orchestration(PROCESS, ProcessOrder::process)
                .start()) {

            // The id is yours. Starting the same one again is refused, so that one order is never processed twice.
            Order order = new Order("order-1", "lamp", 2);
            InstanceHandle<Receipt> handle = rekindle.client().start(PROCESS, order.id(), order);
            // snippet end
            try {
                rekindle.client().start(PROCESS, order.id(), order);
            } catch (RekindleException e) {
                System.out.println("second start: " + (e.code() == ErrorCode.INSTANCE_EXISTS ? "refused" : e));
            }

            // snippet: open
            // A message that comes before anybody waits for it is kept.
            rekindle.client().raiseEvent(order.id(), "approval", new Approval("Ada"));

            System.out.println(handle.result(Duration.ofMinutes(1)));
            // snippet end
            System.out.println("payment requests: " + payments.requests + ", charges: " + payments.charged.size());
        }
    }
}
