package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What instances say of themselves. */
abstract class CustomStatusChecks extends Checks {
    CustomStatusChecks(Bench bench) {
        super(bench);
    }

    @Test
    void customStatus_ofANewInstance_isNone() {
        node.start("a");
        assertThat(find("a").customStatus()).isNull();
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(find("a").customStatus()).isNull();
    }

    @Test
    void customStatus_set_isShown() {
        node.begin("a").customStatus("{\"step\":1}").commit();
        assertThat(find("a").customStatus()).isEqualTo("{\"step\":1}");
    }

    @Test
    void customStatus_setAgain_theLastIsShown() {
        node.begin("a")
                .customStatus("1")
                .keep()
                .commitAndGoOn()
                .customStatus("2")
                .keep()
                .commitAndGoOn()
                .customStatus("3")
                .commit();
        assertThat(find("a").customStatus()).isEqualTo("3");
    }

    @Test
    void customStatus_takenBack_isNone() {
        node.begin("a")
                .customStatus("1")
                .keep()
                .commitAndGoOn()
                .customStatus(null)
                .commit();
        assertThat(find("a").customStatus()).isNull();
    }

    @Test
    void customStatus_notMentioned_stays() {
        node.begin("a").customStatus("1").keep().commitAndGoOn().schedule().commit();
        assertThat(find("a").customStatus()).isEqualTo("1");
    }

    @Test
    void customStatus_atTheEnd_stays() {
        node.begin("a").customStatus("\"last words\"").complete("1").commit();
        assertThat(find("a").customStatus()).isEqualTo("\"last words\"");
    }

    @Test
    void customStatus_ofOthers_isUntouched() {
        node.begin("b").customStatus("\"b\"").commit();
        node.begin("a").customStatus(null).commit();
        assertThat(find("b").customStatus()).isEqualTo("\"b\"");
    }

    @Test
    void customStatus_whileWaiting_isSeenByWhoeverAwaits() throws Exception {
        TestTurn turn = node.begin("a").customStatus("\"busy\"").keep().commitAndGoOn();
        assertThat(provider.awaitInstance("a", Duration.ZERO).orElseThrow().customStatus())
                .isEqualTo("\"busy\"");
        turn.note("\"x\"").commit();
    }
}
