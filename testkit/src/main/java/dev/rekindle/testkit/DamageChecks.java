package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that can't be read, damaged or written by a newer version: they hold up nobody else, and are not thrown away. */
@Needs(Trait.DAMAGE)
@LeavesDamage
abstract class DamageChecks extends Checks {
    /** A row that can't be read is looked at again within this time, on the store's clock. */
    private static final Duration LOOKED_AT_AGAIN = Duration.ofMinutes(2);

    private static final String RUBBISH = "{\"kind\":";

    private final Map<StoredText, Map<String, String>> originals = new HashMap<>();

    DamageChecks(Bench bench) {
        super(bench);
    }

    private static String fromTheFuture(String text) {
        return text.replaceAll("\"kind\":\"[A-Za-z]+\"", "\"kind\":\"InventedLater\"");
    }

    private static String withMore(String text) {
        return text.replaceAll("\\{\"kind\":", "{\"inventedLater\":{\"a\":[1,null]},\"kind\":");
    }

    /** Changes what is stored while no provider is open. */
    private void damage(StoredText text, String instance, UnaryOperator<String> change) {
        bench.close(node);
        bench.store().rewrite(text, instance, original -> {
            String changed = change.apply(original);
            originals.computeIfAbsent(text, kind -> new HashMap<>()).put(changed, original);
            return changed;
        });
        goOnWith(bench.join("next"));
    }

    /** Puts back what was there, for rows that were all made different, and leaves time for another look at them. */
    private void repair(StoredText text, String instance) {
        bench.close(node);
        bench.store()
                .rewrite(
                        text,
                        instance,
                        changed -> originals.getOrDefault(text, Map.of()).getOrDefault(changed, changed));
        goOnWith(bench.join("repaired"));
        move(LOOKED_AT_AGAIN);
    }

    private void assertReadable(String instance, String payload) {
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo(instance);
        assertThat(TestNode.payloads(item)).containsExactly(payload);
    }

    // ---- messages

    @Test
    void message_ofAnUnknownKind_holdsUpNobodyElse() {
        node.settle("bad");
        node.settle("good");
        node.raise("bad", "1");
        node.raise("good", "2");
        damage(StoredText.MESSAGES, "bad", DamageChecks::fromTheFuture);
        assertReadable("good", "2");
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void message_rubbish_holdsUpNobodyElse() {
        node.settle("bad");
        node.settle("good");
        IntStream.range(0, 20).forEach(i -> node.raise("bad", "" + i));
        node.raise("good", "1");
        damage(StoredText.MESSAGES, "bad", text -> RUBBISH);
        assertReadable("good", "1");
        node.settle("later");
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void message_unreadable_saysSoOnItsInstance() {
        node.settle("bad");
        node.raise("bad", "1");
        damage(StoredText.MESSAGES, "bad", text -> RUBBISH);
        assertThat(node.fetch()).isEmpty();
        node.settle("good");
        assertThat(find("bad").problem()).contains("HISTORY_UNREADABLE");
        assertThat(find("bad").status().isTerminal()).isFalse();
    }

    @Test
    void message_repaired_comes() {
        node.settle("bad");
        node.raise("bad", "1");
        damage(StoredText.MESSAGES, "bad", DamageChecks::fromTheFuture);
        assertThat(node.fetch()).isEmpty();
        repair(StoredText.MESSAGES, "bad");
        assertReadable("bad", "1");
    }

    @Test
    void message_withFieldsOfANewerVersion_isRead() {
        node.settle("a");
        node.raise("a", "1");
        damage(StoredText.MESSAGES, "a", DamageChecks::withMore);
        assertReadable("a", "1");
    }

    @Test
    void start_unreadable_holdsUpNobodyElse() {
        node.start("bad");
        node.start("good");
        damage(StoredText.MESSAGES, "bad", DamageChecks::fromTheFuture);
        assertThat(node.fetchOne().lease().instance()).isEqualTo("good");
        assertThat(node.fetch()).isEmpty();
        assertThat(find("bad").status()).isEqualTo(Status.PENDING);
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("bad"));
    }

    @Test
    void start_repaired_comes() {
        node.start("bad");
        damage(StoredText.MESSAGES, "bad", DamageChecks::fromTheFuture);
        assertThat(node.fetch()).isEmpty();
        repair(StoredText.MESSAGES, "bad");
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("bad", null));
    }

    // ---- activities

    @Test
    void work_unreadable_holdsUpNobodyElse() {
        TestTurn bad = node.begin("bad");
        IntStream.range(0, 20).forEach(i -> bad.schedule());
        bad.commit();
        node.begin("good").schedule().commit();
        damage(StoredText.WORK, "bad", text -> RUBBISH);
        assertThat(node.dequeue())
                .singleElement()
                .satisfies(leased -> assertThat(leased.work().instance()).isEqualTo("good"));
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void work_ofAnUnknownKind_staysAndComesWhenRepaired() {
        node.begin("bad").schedule().commit();
        damage(StoredText.WORK, "bad", DamageChecks::fromTheFuture);
        assertThat(node.dequeue()).isEmpty();
        repair(StoredText.WORK, "bad");
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "1");
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(leased.work(), "1"));
    }

    @Test
    void work_withFieldsOfANewerVersion_isRead() {
        node.begin("a").schedule().commit();
        damage(StoredText.WORK, "a", DamageChecks::withMore);
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
    }

    @Test
    void work_unreadable_canBeCancelled() {
        node.begin("bad").schedule().commit();
        node.raise("bad", "1");
        damage(StoredText.WORK, "bad", text -> RUBBISH);
        assertThat(node.dequeue()).isEmpty();
        TestTurn.of(node, node.fetchOne()).cancelActivity(2).complete("1").commit();
        assertThat(find("bad").status()).isEqualTo(Status.COMPLETED);
        assertThat(node.dequeue()).isEmpty();
    }

    // ---- histories

    @Test
    void history_ofAnUnknownKind_isToldWhenRead() {
        node.settle("bad");
        damage(StoredText.HISTORY, "bad", DamageChecks::fromTheFuture);
        assertCode(ErrorCode.HISTORY_UNREADABLE, () -> provider.read("bad"));
        assertCode(ErrorCode.HISTORY_UNREADABLE, () -> provider.readWithExecution("bad", 1));
    }

    @Test
    void history_rubbish_isToldWhenRead() {
        node.settle("bad");
        damage(StoredText.HISTORY, "bad", text -> RUBBISH);
        assertCode(ErrorCode.HISTORY_UNREADABLE, () -> provider.read("bad"));
    }

    @Test
    void history_unreadable_othersAreRead() {
        node.settle("bad");
        node.settle("good");
        damage(StoredText.HISTORY, "bad", text -> RUBBISH);
        assertHistory("good", 2);
        assertThat(find("bad").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void history_unreadable_itsMessagesStillCome() {
        node.settle("bad");
        node.raise("bad", "1");
        damage(StoredText.HISTORY, "bad", DamageChecks::fromTheFuture);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo("bad");
        assertThat(item.lastEventId()).isEqualTo(2);
    }

    @Test
    void history_withFieldsOfANewerVersion_isRead() {
        node.begin("a").schedule().timer(Duration.ofHours(1)).commit();
        var before = provider.read("a");
        damage(StoredText.HISTORY, "a", DamageChecks::withMore);
        assertThat(provider.read("a")).isEqualTo(before);
    }

    @Test
    void history_unreadable_theInstanceCanStillBeEnded() {
        node.settle("bad");
        node.raise("bad", "1");
        damage(StoredText.HISTORY, "bad", text -> RUBBISH);
        TestTurn.of(node, node.fetchOne())
                .terminated(Failure.of(ErrorCode.ORCHESTRATION_TERMINATED, "damaged", false))
                .commit();
        assertThat(find("bad").status()).isEqualTo(Status.TERMINATED);
    }

    @Test
    @Needs({Trait.DAMAGE, Trait.MANAGEMENT})
    void damage_management_stillLists() {
        node.settle("bad");
        node.settle("good");
        node.raise("bad", "1");
        damage(StoredText.HISTORY, "bad", text -> RUBBISH);
        assertThat(management().listInstances()).isEqualTo(List.of("good", "bad"));
        assertThat(management().getInstanceInfo("bad").events()).isEqualTo(2);
        assertCode(ErrorCode.HISTORY_UNREADABLE, () -> management().readExecutionHistory("bad", 1));
    }
}
