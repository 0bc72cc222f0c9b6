package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An id may have had another life: what was meant for that life never meets this one. */
abstract class FormerLifeChecks extends Checks {
    private static final String FORMER = "the run before";
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);

    FormerLifeChecks(Bench bench) {
        super(bench);
    }

    @Test
    void message_ofAFormerLife_isRefused() {
        node.settle("a");
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.RaiseEvent("a", FORMER, "channel", "1")));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.CancelInstance("a", FORMER, "why")));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.TerminateInstance("a", FORMER, "why")));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void message_ofAFormerLifeWithADelay_neverArrives() {
        node.settle("a");
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> node.send(new WorkItem.RaiseEvent("a", FORMER, "channel", "1"), Duration.ofMinutes(1)));
        move(Duration.ofHours(1));
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void message_ofAFormerLifeOfWhoHasEnded_isOfAnUnknownRun() {
        node.begin("a").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.RaiseEvent("a", FORMER, "channel", "1")));
    }

    @Test
    void message_ofThisLife_isAccepted() {
        node.settle("a");
        node.send(new WorkItem.RaiseEvent("a", "run-a", "channel", "1"));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void completion_ofAFormerLife_isRefused() {
        node.begin("a").schedule().commit();
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.ActivityCompleted("a", FORMER, 1, 2, "1")));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.ChildFailed("a", FORMER, 1, 2, FAILURE)));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 1, 0, 0);
    }

    @Test
    void sent_eventToAFormerLife_becomesADeadLetter() {
        node.settle("a");
        node.begin("b")
                .note("\"x\"")
                .send(new WorkItem.RaiseEvent("a", FORMER, "channel", "1"))
                .commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void sent_completionAndCancellationToAFormerLife_areForgotten() {
        node.settle("a");
        node.begin("b")
                .note("\"x\"")
                .send(new WorkItem.ChildCompleted("a", FORMER, 1, 2, "1"))
                .send(new WorkItem.ChildFailed("a", FORMER, 1, 2, FAILURE))
                .send(new WorkItem.CancelInstance("a", FORMER, "why"))
                .commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void child_whoseParentHadAFormerLife_isRefusedWithoutTellingThisOne() {
        node.settle("child");
        node.settle("parent");
        ParentLink link = new ParentLink("parent", FORMER, 1, 2);
        node.begin("b").note("\"x\"").send(TestNode.starting("child", link)).commit();
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void work_ofAFormerLife_isRefused() {
        node.settle("a");
        WorkItem.ActivityExecute work =
                new WorkItem.ActivityExecute("a", FORMER, 1, 2, "Ship", "{}", ActivityOptions.DEFAULT, TestClock.START);
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.queue(work));
        assertThat(node.dequeue()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void run_ofAnotherId_isAnotherRun() {
        node.settle("a");
        node.settle("b");
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.RaiseEvent("a", "run-b", "channel", "1")));
    }
}
