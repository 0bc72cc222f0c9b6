package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnderWayTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final UnderWay underWay = new UnderWay();

    @Test
    void await_nothingUnderWay_ends() throws Exception {
        assertThat(underWay.enter()).isTrue();
        underWay.leave();
        underWay.close();
        assertThat(underWay.await(SOON)).isTrue();
    }

    @Test
    void enter_afterTheClose_isRefusedAndWaitedForAllTheSame() throws Exception {
        assertThat(underWay.enter()).isTrue();
        underWay.close();
        assertThat(underWay.enter()).isFalse();
        underWay.leave();
        assertThat(underWay.await(Duration.ZERO)).isFalse();
        underWay.leave();
        assertThat(underWay.await(SOON)).isTrue();
    }

    @Test
    void close_again_changesNothing() throws Exception {
        underWay.enter();
        underWay.close();
        underWay.close();
        assertThat(underWay.isClosed()).isTrue();
        assertThat(underWay.await(Duration.ZERO)).isFalse();
        underWay.leave();
        assertThat(underWay.await(SOON)).isTrue();
    }
}
