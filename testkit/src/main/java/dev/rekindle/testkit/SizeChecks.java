package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, names and payloads of every kind and size that are allowed. */
abstract class SizeChecks extends Checks {
    private static final String TEXT = "grüße 你好 🦊 \\\" \\\\ ' ; -- % _ \\u0000 \\ud83e\\udd8a $1 ? ?1 :x {} \\n";

    SizeChecks(Bench bench) {
        super(bench);
    }

    /** A life with everything in it: ends up in every table. */
    private void live(String id) {
        TestTurn turn = node.begin(id)
                .schedule()
                .timer(Duration.ofHours(1))
                .send(TestNode.raised(id, "1"))
                .send(TestNode.starting(id.equals("child") ? "other" : "child", null));
        turn.commit();
        assertThat(find(id).instance()).isEqualTo(id);
        assertThat(provider.latestExecutionId(id)).hasValue(1);
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.work().instance()).isEqualTo(id);
        node.complete(leased, "1");
        OrchestrationItem item = node.fetch().stream()
                .filter(its -> its.lease().instance().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(item.messages()).hasSize(2);
        TestTurn.of(node, item).complete("1").commit();
        assertHistory(id, 6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "order-1",
                "with space",
                " leading and trailing ",
                "a/b\\c.d",
                "50%_off",
                "quote's \"and\" `more`",
                "null",
                "$1 ? :name {}",
                "grüße",
                "你好",
                "🦊🦊",
                "e\u0301",
                "\u202eright to left",
                "DROP TABLE instance; --"
            })
    void id_ofAnyCharacters_lives(String id) {
        live(id);
    }

    @Test
    void id_ofTheLongestLength_lives() {
        live("x".repeat(Limits.MAX_INSTANCE_ID_CHARS));
    }

    @Test
    void id_ofTheLongestLengthInWideCharacters_lives() {
        live("你".repeat(Limits.MAX_INSTANCE_ID_CHARS));
    }

    @Test
    void ids_thatDifferALittle_areDifferent() {
        List<String> ids = List.of("a", "A", "a ", " a", "ä", "a\u0308", "a%", "a_", "aa", "à", "ａ");
        ids.forEach(node::start);
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void names_ofTheLongestLength_areKept() {
        String name = "名".repeat(Limits.MAX_NAME_CHARS);
        String run = "r".repeat(100);
        node.send(new WorkItem.StartOrchestration("a", run, name, name, "{}", new ParentLink("p", run, 1, 2)));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.start())
                .isEqualTo(new OrchestrationItem.Definition(name, name, new ParentLink("p", run, 1, 2)));
        TestTurn turn = TestTurn.of(node, item).version(name);
        WorkItem.ActivityExecute work = new WorkItem.ActivityExecute(
                "a", run, 1, turn.next(), name, "{}", ActivityOptions.DEFAULT, TestClock.START);
        turn.schedule(work, false).commit();
        assertThat(find("a").orchestration()).isEqualTo(name);
        assertThat(find("a").version()).isEqualTo(name);
        assertThat(node.dequeueOne().work()).isEqualTo(work);
        node.send(new WorkItem.RaiseEvent("a", run, name, "1"));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.RaiseEvent("a", run, name, "1"));
    }

    @Test
    void node_ofTheLongestName_holdsLeases() {
        TestNode longest = bench.node(provider, "n".repeat(200));
        longest.start("a");
        TestTurn.of(longest, longest.fetchOne()).commit();
        assertHistory("a", 1);
    }

    @Test
    void text_ofAnyCharacters_isKeptEverywhere() {
        String json = "\"" + TEXT + "\"";
        Failure failure = new Failure("Böom 🦊", TEXT, TEXT, true);
        node.send(new WorkItem.StartOrchestration("a", "run-a", "Orders", "", json, null));
        node.send(new WorkItem.RaiseEvent("a", null, "kanal 🦊", json));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly(json);
        provider.abandonOrchestrationItem(item.lease(), Abandonment.stuck(Duration.ZERO, TEXT));
        assertThat(find("a").problem()).isEqualTo(TEXT);
        TestTurn turn = TestTurn.of(node, node.fetchOne()).customStatus(json);
        turn.schedule(TestNode.activity(item, 1, turn.next()), false).keep().commit();
        assertThat(find("a").customStatus()).isEqualTo(json);
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ZERO, failure, json));
        LeasedWork again = node.dequeueOne();
        assertThat(again.lastFailure()).isEqualTo(failure);
        assertThat(again.heartbeat()).isEqualTo(json);
        turn.followUp().fail(failure).commit();
        assertThat(find("a").failure()).isEqualTo(failure);
        assertThat(provider.read("a")).hasSize(5);
    }

    @Test
    void payload_ofTheLargestSize_isKept() {
        String json = "\"" + "x".repeat(Limits.MAX_PAYLOAD_BYTES - 2) + "\"";
        TestTurn turn = node.begin("a");
        node.raise("a", json);
        turn.note(json).commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item).getFirst().equals(json)).isTrue();
        TestTurn.of(node, item).complete(json).commit();
        String output = find("a").output();
        assertThat(output != null && output.equals(json)).isTrue();
        assertHistory("a", 4);
    }

    @Test
    void payload_empty_isNotNothing() {
        node.settle("a");
        node.raise("a", "");
        node.send(new WorkItem.CancelInstance("a", null, ""));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item))
                .containsExactly(TestNode.raised("a", ""), new WorkItem.CancelInstance("a", null, ""));
        TestTurn.of(node, item).customStatus("").complete("").commit();
        assertThat(find("a").output()).isEmpty();
        assertThat(find("a").customStatus()).isEmpty();
    }

    @Test
    void failure_ofTheLargestSize_isKept() {
        Failure failure =
                new Failure("Boom", "m".repeat(Limits.MAX_FAILURE_CHARS), "t".repeat(Limits.MAX_FAILURE_CHARS), false);
        node.begin("a").fail(failure).commit();
        assertThat(find("a").failure()).isEqualTo(failure);
    }

    @Test
    void failure_withoutATrace_hasNone() {
        Failure failure = new Failure("Boom", "", null, false);
        node.begin("a").fail(failure).commit();
        assertThat(find("a").failure()).isEqualTo(failure);
    }

    @Test
    void times_areKeptToTheMillisecond() {
        move(Duration.ofMillis(1_234));
        node.start("a");
        move(Duration.ofMillis(1));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").createdAt()).isEqualTo(TestClock.START.plusMillis(1_234));
        assertThat(find("a").finishedAt()).isEqualTo(TestClock.START.plusMillis(1_235));
    }

    @Test
    void run_ofManyCharacters_isKept() {
        String run = "0123456789abcdef-".repeat(6);
        node.send(new WorkItem.StartOrchestration("a", run, "Orders", "", "{}", null));
        assertThat(node.fetchOne().lease().runId()).isEqualTo(run);
        assertThat(find("a").runId()).isEqualTo(run);
    }
}
