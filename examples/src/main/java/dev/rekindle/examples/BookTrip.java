package dev.rekindle.examples;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.InstanceHandle;
import dev.rekindle.NonRetryableException;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.OrchestrationFailedException;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A saga: bookings that are taken back, last one first, when a later one fails or somebody cancels the trip. */
public final class BookTrip {
    record Trip(String city, boolean hotelIsFull) {}

    record Payment(String card) {}

    static final Activity<Trip, String> BOOK_FLIGHT = Activity.named("BookFlight", Trip.class, String.class);
    static final Activity<Trip, String> BOOK_HOTEL = Activity.named("BookHotel", Trip.class, String.class);
    static final Activity<Trip, String> ASK_FOR_PAYMENT = Activity.named("AskForPayment", Trip.class, String.class);
    static final Activity<String, String> TAKE_BACK = Activity.named("TakeBack", String.class, String.class);
    static final Orchestration<Trip, String> BOOK = Orchestration.named("BookTrip", Trip.class, String.class);

    private BookTrip() {}

    static String book(OrchestrationContext ctx, Trip trip) {
        Deque<String> booked = new ArrayDeque<>();
        try {
            booked.push(ctx.call(BOOK_FLIGHT, trip));
            booked.push(ctx.call(BOOK_HOTEL, trip));
            ctx.call(ASK_FOR_PAYMENT, trip);
            Payment payment = ctx.event("payment", Payment.class).await(Duration.ofDays(1));
            return String.join(", ", booked) + ", paid by " + payment.card();
        } catch (RekindleException failedOrCancelled) {
            // Once an instance is cancelled, its waits throw. Not so in here, where things are put right.
            ctx.shielded(() -> booked.forEach(booking -> ctx.call(TAKE_BACK, booking, retry -> retry.maxAttempts(10))));
            throw failedOrCancelled;
        }
    }

    /**
     * Runs it.
     *
     * @param args the store's URL; a database in memory unless it is given
     */
    public static void main(String[] args) throws InterruptedException {
        BlockingQueue<String> customer = new LinkedBlockingQueue<>();
        try (Rekindle rekindle = Rekindle.open(args.length == 0 ? "sqlite::memory:" : args[0])
                .activity(BOOK_FLIGHT, (ctx, trip) -> say("booked", "flight to " + trip.city()))
                .activity(BOOK_HOTEL, (ctx, trip) -> {
                    if (trip.hotelIsFull()) {
                        throw new NonRetryableException("no room left in " + trip.city());
                    }
                    return say("booked", "hotel in " + trip.city());
                })
                .activity(ASK_FOR_PAYMENT, (ctx, trip) -> {
                    String asked = say("asked", "payment for " + trip.city());
                    customer.add(ctx.instance());
                    return asked;
                })
                .activity(TAKE_BACK, (ctx, booking) -> say("took back", booking))
                .orchestration(BOOK, BookTrip::book)
                .start()) {
            Client client = rekindle.client();

            InstanceHandle<String> paid = client.start(BOOK, newId(), new Trip("Rome", false));
            client.raiseEvent(customer.take(), "payment", new Payment("Visa"));
            report(paid);

            report(client.start(BOOK, newId(), new Trip("Oslo", true)));

            InstanceHandle<String> cancelled = client.start(BOOK, newId(), new Trip("Bern", false));
            client.cancel(customer.take(), "changed my mind");
            report(cancelled);
        }
    }

    private static String newId() {
        return "trip-" + UUID.randomUUID();
    }

    private static String say(String what, String which) {
        System.out.println("  " + what + " " + which);
        return which;
    }

    private static void report(InstanceHandle<String> trip) throws InterruptedException {
        try {
            System.out.println("Completed: " + trip.result(Duration.ofMinutes(1)));
        } catch (OrchestrationFailedException e) {
            System.out.println(e.status().label() + ": " + e.failure().message());
        }
    }
}
