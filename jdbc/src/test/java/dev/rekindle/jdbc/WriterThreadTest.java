package dev.rekindle.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterThreadTest {
    private static final int MAX_BATCH = 3;

    private final Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
    private final WriterThread<Answer> thread = new WriterThread<>("store", MAX_BATCH, this::work);

    /** A call that gives its number, if that is not negative. */
    private static final class Answer extends Call<Integer> {
        private final int number;

        Answer(int number) {
            this.number = number;
        }

        void settle() {
            settle(() -> {
                if (number < 0) {
                    throw new IllegalStateException("negative");
                }
                return number;
            });
        }
    }

    private void work() {
        while (true) {
            List<Answer> batch = new ArrayList<>();
            while (!thread.take(batch)) {
                if (thread.isClosing()) {
                    return;
                }
                thread.rest(WriterThread.UNTIL_WOKEN);
            }
            sizes.add(batch.size());
            batch.forEach(Answer::settle);
            batch.forEach(Answer::finish);
        }
    }

    @Test
    void submit_whileTheThreadRests_wakesIt() {
        thread.start();
        for (int i = 0; i < 1_000; i++) {
            assertThat(submitted(i).await()).isEqualTo(i);
        }
        thread.close();
    }

    @Test
    void submit_moreThanABatchHolds_makesSeveral() {
        List<Answer> answers = Stream.of(1, 2, 3, 4).map(this::submitted).toList();
        thread.start();
        assertThat(answers.stream().map(Call::await)).containsExactly(1, 2, 3, 4);
        assertThat(sizes).containsExactly(3, 1);
        thread.close();
    }

    @Test
    void await_failedCall_throwsItsFailure() {
        thread.start();
        Answer failing = submitted(-1);
        assertThatThrownBy(failing::await)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("negative");
        thread.close();
    }

    @Test
    void await_interrupted_returnsTheResultAndKeepsTheInterruption() {
        thread.start();
        Thread.currentThread().interrupt();
        assertThat(submitted(7).await()).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
        thread.close();
    }

    @Test
    void close_withWaitingCalls_doesThemFirst() {
        Answer waiting = submitted(5);
        thread.start();
        thread.close();
        assertThat(waiting.isDone()).isTrue();
        assertThat(waiting.await()).isEqualTo(5);
    }

    @Test
    void submit_afterClose_failsAsClosed() {
        thread.start();
        thread.close();
        thread.close();
        assertClosed(submitted(1));
    }

    @Test
    void submit_closedBeforeItBegan_failsAsClosed() {
        thread.close();
        assertClosed(submitted(1));
    }

    @Test
    void await_theThreadDiedOfAnError_failsAsClosed() {
        WriterThread<Answer> dying = new WriterThread<>("store", MAX_BATCH, () -> {
            throw new AssertionError("dies on purpose");
        });
        Answer before = new Answer(1);
        dying.submit(before);
        dying.start();
        assertClosed(before);
        Answer after = new Answer(2);
        dying.submit(after);
        assertClosed(after);
        dying.close();
    }

    private static void assertClosed(Answer call) {
        assertThatExceptionOfType(RekindleException.class)
                .isThrownBy(call::await)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }

    private Answer submitted(int number) {
        Answer answer = new Answer(number);
        thread.submit(answer);
        return answer;
    }
}
