package dev.rekindle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs each program as a reader would. */
@Timeout(60)
class ExamplesTest {

    @Test
    void hello_inMemory_greetsAll() throws Exception {
        assertThat(Printed.by(Hello::main)).containsExactly("Hello, world! Hello, durable world! Hello, you!");
    }

    @Test
    void hello_twiceOnOneFile_greetsEachTime(@TempDir Path folder) throws Exception {
        String url = "sqlite:" + folder.resolve("hello.db");

        assertThat(Printed.by(Hello::main, url)).hasSize(1);
        assertThat(Printed.by(Hello::main, url)).hasSize(1);
        assertThat(folder.resolve("hello.db")).isNotEmptyFile();
    }

    @Test
    void processOrder_whenPaymentFailsAtFirst_chargesOnce() throws Exception {
        assertThat(Printed.by(ProcessOrder::main))
                .containsExactly(
                        "second start: refused",
                        "Receipt[id=receipt-order-1, cents=900]",
                        "payment requests: 2, charges: 1");
    }

    @Test
    void approveExpense_whenManagerIsLate_asksTheDirector() throws Exception {
        assertThat(Printed.by(ApproveExpense::main))
                .containsExactly("chair: approved by the manager", "trip: declined by the director");
    }

    @Test
    void bookTrip_whenItFailsOrIsCancelled_takesBackWhatWasBooked() throws Exception {
        assertThat(Printed.by(BookTrip::main))
                .containsExactly(
                        "  booked flight to Rome",
                        "  booked hotel in Rome",
                        "  asked payment for Rome",
                        "Completed: hotel in Rome, flight to Rome, paid by Visa",
                        "  booked flight to Oslo",
                        "  took back flight to Oslo",
                        "Failed: activity failed: 'BookHotel'; dev.rekindle.NonRetryableException: no"
                                + " room left in Oslo",
                        "  booked flight to Bern",
                        "  booked hotel in Bern",
                        "  asked payment for Bern",
                        "  took back hotel in Bern",
                        "  took back flight to Bern",
                        "Cancelled: changed my mind");
    }
}
