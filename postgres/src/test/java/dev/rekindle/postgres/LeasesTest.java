package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What a node holds may be given back and come again in one transaction, in whatever order its operations settle. */
class LeasesTest {
    private static final NodeId NODE = new NodeId("node");

    private final Leases leases = new Leases(InstantSource.fixed(Instant.EPOCH));

    private HeldInstance instance() {
        long token = leases.newToken();
        HeldInstance held = new HeldInstance(
                token,
                1,
                new InstanceLease("a", "run", token),
                new OrchestrationItem.Definition("Orders", "1", null),
                Instant.EPOCH);
        leases.add(held);
        return held;
    }

    private HeldWork work() {
        return leases.addWork(
                1,
                7,
                NODE,
                new WorkItem.ActivityExecute("a", "run", 1, 7, "Step", "1", ActivityOptions.DEFAULT, Instant.EPOCH));
    }

    @Test
    void removeInstance_thatWasLeasedAnew_keepsTheNewLease() {
        HeldInstance old = instance();
        HeldInstance anew = instance();
        leases.remove(old);
        assertThat(leases.instance(old.token)).isNull();
        assertThat(leases.instance(anew.token)).isSameAs(anew);
        assertThat(leases.holdsInstance(1)).isTrue();
        assertThat(leases.holdsInstance("a")).isTrue();
        leases.remove(anew);
        assertThat(leases.holdsInstance(1)).isFalse();
        assertThat(leases.holdsInstance("a")).isFalse();
        assertThat(leases.isEmpty()).isTrue();
    }

    @Test
    void removeWork_thatWasLeasedAnew_keepsTheNewLease() {
        HeldWork old = work();
        HeldWork anew = work();
        leases.remove(old);
        assertThat(leases.work(old.token)).isNull();
        assertThat(leases.work(1, 7)).isSameAs(anew);
        leases.remove(anew);
        assertThat(leases.work(1, 7)).isNull();
        assertThat(leases.isEmpty()).isTrue();
    }

    @Test
    void removeWorkOf_anInstance_leavesThatOfOthers() {
        HeldWork work = work();
        leases.removeWorkOf(2);
        assertThat(leases.work(work.token)).isSameAs(work);
        leases.removeWorkOf(1);
        assertThat(leases.isEmpty()).isTrue();
    }
}
