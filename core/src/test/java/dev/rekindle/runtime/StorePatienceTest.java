package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorePatienceTest {
    @Test
    void persist_onAThreadThatIsInterrupted_waitsAndKeepsTheInterruptForLater() {
        List<Boolean> interrupted = new ArrayList<>();
        Thread.currentThread().interrupt();
        new StorePatience().persist(() -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            if (interrupted.size() < 3) {
                throw new RekindleException(ErrorCode.STORE_UNAVAILABLE, "the store is away: 'test'");
            }
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).containsExactly(true, false, false);
    }
}
