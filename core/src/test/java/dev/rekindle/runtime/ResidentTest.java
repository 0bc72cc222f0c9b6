package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import dev.rekindle.runtime.replay.TurnOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentTest {
    private static final InstanceLease LEASE = new InstanceLease("order-1", "run-1", 7);
    private static final Resident.HotCompletion COMPLETION = new Resident.HotCompletion(
            new WorkLease("order-1", "run-1", 1, 2, 8), new WorkItem.ActivityCompleted("order-1", "run-1", 1, 2, "1"));

    private final Resident resident = new Resident("order-1");

    @Test
    void offer_withoutLease_isRefused() {
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.REFUSED);
    }

    @Test
    void offer_ofAFormerLife_isRefused() {
        resident.begin(new InstanceLease("order-1", "another run", 7), 0);
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.REFUSED);
    }

    @Test
    void offer_whileSomebodyRuns_isTakenAndFoundOnce() {
        resident.begin(LEASE, 0);
        List<Resident.HotCompletion> before = resident.takeInbox();
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.TAKEN);
        assertThat(before).isEmpty();
        assertThat(resident.rest(0)).isEqualTo(Resident.Rest.NOT_YET);
        assertThat(resident.takeInbox()).containsExactly(COMPLETION);
        assertThat(resident.takeInbox()).isEmpty();
    }

    @Test
    void offer_whileHot_makesTheCallerTheRunner() {
        resident.begin(LEASE, 0);
        assertThat(resident.rest(0)).isEqualTo(Resident.Rest.HOT_UNWATCHED);
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.TAKEN_AND_YOU_RUN);
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.TAKEN);
    }

    @Test
    void offer_afterALeaseThatCameWithAStart_makesTheCallerTheRunner() {
        resident.beginHot(LEASE, 1, 100);
        assertThat(resident.stayHot(101, 5_000)).isEqualTo(TurnOutcome.StayHot.YES);
        assertThat(resident.coolDown(120, 50)).isEqualTo(new Resident.Watch.Again(30));
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.TAKEN_AND_YOU_RUN);
        assertThat(resident.takeInbox()).containsExactly(COMPLETION);
        assertThat(resident.rest(200)).isEqualTo(Resident.Rest.HOT);
    }

    @Test
    void coolDown_quietForLongEnough_givesTheLeaseBackOnce() {
        resident.begin(LEASE, 0);
        resident.rest(100);
        assertThat(resident.coolDown(120, 50)).isEqualTo(new Resident.Watch.Again(30));
        assertThat(resident.coolDown(150, 50)).isEqualTo(new Resident.Watch.GiveBack(LEASE));
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.TAKEN);
        assertThat(resident.loseLease()).containsExactly(COMPLETION);
        assertThat(resident.coolDown(999, 50)).isEqualTo(new Resident.Watch.Over());
        assertThat(resident.offer(COMPLETION)).isEqualTo(Resident.Offer.REFUSED);
    }

    @Test
    void coolDown_whileSomebodyRuns_waits() {
        resident.begin(LEASE, 0);
        assertThat(resident.coolDown(1_000, 50)).isEqualTo(new Resident.Watch.Again(50));
    }

    @Test
    void stayHot_completionsExpected_onlyForAWhile() {
        resident.begin(LEASE, 1_000);
        assertThat(resident.stayHot(1_001, 5_000)).isEqualTo(TurnOutcome.StayHot.IF_AN_ACTIVITY_IS_LEASED);
        resident.expect(1);
        assertThat(resident.stayHot(1_001, 5_000)).isEqualTo(TurnOutcome.StayHot.YES);
        assertThat(resident.stayHot(6_001, 5_000)).isEqualTo(TurnOutcome.StayHot.NO);
    }
}
