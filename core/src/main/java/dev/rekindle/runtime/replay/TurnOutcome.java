package dev.rekindle.runtime.replay;

import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How a turn ended. */
public sealed interface TurnOutcome {
    /** Whether the caller wants to keep the lease of an instance that goes on. */
    enum StayHot {
        /** Not in any case. */
        NO,
        /** When an activity that this turn scheduled is leased to the caller. */
        IF_AN_ACTIVITY_IS_LEASED,
        /** In any case. */
        YES
    }

    /**
     * The turn is to be committed.
     *
     * @param position where the history stood when it began
     * @param events what it appends
     * @param draft what it causes
     * @param transition what becomes of the execution
     * @param unwantedActivities event ids of activities that nobody waits for any more
     * @param observations what ended in it
     */
    record Committable(
            TurnCommit.Position position,
            List<Event> events,
            EffectsDraft draft,
            TurnCommit.Transition transition,
            List<Long> unwantedActivities,
            List<Observation> observations)
            implements TurnOutcome {

        /** Whether the execution goes on. */
        public boolean stays() {
            return transition instanceof TurnCommit.Transition.Stay;
        }

        /**
         * The commit.
         *
         * @param leaseToCaller asked once for each scheduled activity: whether the caller wants to run it itself
         * @param stayHot whether to keep the lease
         */
        public TurnCommit commit(
                InstanceLease lease,
                TurnCommit.Consumed consumed,
                Predicate<WorkItem.ActivityExecute> leaseToCaller,
                StayHot stayHot) {
            TurnCommit.Effects effects = draft.build(leaseToCaller);
            boolean keepLease = stays()
                    && switch (stayHot) {
                        case NO -> false;
                        case IF_AN_ACTIVITY_IS_LEASED -> leasesAny(effects);
                        case YES -> true;
                    };
            return new TurnCommit(lease, position, consumed, events, effects, transition, keepLease);
        }

        /**
         * The start that this first turn used up, together with it. The lease is kept when an activity is leased to the
         * caller. Empty when the turn did more than can go with a start.
         *
         * @param leaseToCaller asked once for each scheduled activity: whether the caller wants to run it itself
         */
        public Optional<EagerStart> eagerStart(
                NodeId node, WorkItem.StartOrchestration start, Predicate<WorkItem.ActivityExecute> leaseToCaller) {
            if (!stays() || !draft.onlySchedules()) {
                return Optional.empty();
            }
            TurnCommit.Effects effects = draft.build(leaseToCaller);
            return Optional.of(
                    new EagerStart(node, start, position.version(), events, effects.scheduled(), leasesAny(effects)));
        }

        private static boolean leasesAny(TurnCommit.Effects effects) {
            return effects.activities().stream().anyMatch(TurnCommit.NewActivity::leaseToCaller);
        }
    }

    /**
     * The turn can't be committed, and nothing happened: the code does not match the history, or died of something that
     * is not the user's logic.
     *
     * @param problem what is wrong, for people, beginning with its {@link dev.rekindle.ErrorCode}
     */
    record Stuck(String problem) implements TurnOutcome {}
}
