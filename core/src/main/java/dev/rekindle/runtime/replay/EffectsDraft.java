package dev.rekindle.runtime.replay;

import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The effects of a turn while it runs. */
final class EffectsDraft {
    private final List<WorkItem.ActivityExecute> activities = new ArrayList<>();
    private final List<Long> cancelledActivities = new ArrayList<>();
    private final List<TurnCommit.Timer> timers = new ArrayList<>();
    private final List<Long> cancelledTimers = new ArrayList<>();
    private final List<WorkItem.OrchestratorWork> messages = new ArrayList<>();
    private final List<TurnCommit.DeadLetter> deadLetters = new ArrayList<>();
    private TurnCommit.@Nullable CustomStatus customStatus;

    void schedule(WorkItem.ActivityExecute activity) {
        activities.add(activity);
    }

    void cancelActivity(long scheduledId) {
        if (!unschedule(scheduledId)) {
            cancelledActivities.add(scheduledId);
        }
    }

    /** Takes back what this turn scheduled itself. Returns whether it did. */
    boolean unschedule(long scheduledId) {
        return activities.removeIf(activity -> activity.scheduledId() == scheduledId);
    }

    void setTimer(TurnCommit.Timer timer) {
        timers.add(timer);
    }

    void cancelTimer(long scheduledId) {
        if (!timers.removeIf(timer -> timer.scheduledId() == scheduledId)) {
            cancelledTimers.add(scheduledId);
        }
    }

    void send(WorkItem.OrchestratorWork message) {
        messages.add(message);
    }

    void bury(WorkItem.OrchestratorWork message, String reason) {
        deadLetters.add(new TurnCommit.DeadLetter(message, reason));
    }

    void showStatus(@Nullable String value) {
        customStatus = new TurnCommit.CustomStatus(value);
    }

    /** Whether nothing was done but scheduling activities and setting timers. */
    boolean onlySchedules() {
        return cancelledActivities.isEmpty()
                && cancelledTimers.isEmpty()
                && messages.isEmpty()
                && deadLetters.isEmpty()
                && customStatus == null;
    }

    /** The effects, with those activities leased to the caller that it wants to run itself. */
    TurnCommit.Effects build(Predicate<WorkItem.ActivityExecute> leaseToCaller) {
        List<TurnCommit.NewActivity> queued = new ArrayList<>(activities.size());
        for (WorkItem.ActivityExecute activity : activities) {
            queued.add(new TurnCommit.NewActivity(activity, leaseToCaller.test(activity)));
        }
        return new TurnCommit.Effects(
                queued, cancelledActivities, timers, cancelledTimers, messages, deadLetters, customStatus);
    }
}
