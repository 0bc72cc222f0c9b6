package dev.rekindle.jdbc;

import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.util.List;

/**
 * An activity that a turn queues, as it goes into its row. Immutable.
 *
 * @param work what to run
 * @param lease whether it is meant for whoever commits the turn
 * @param body the work as text
 */
public record ActivityText(WorkItem.ActivityExecute work, boolean lease, String body) {
    /** Prepares the activities of a turn, on the thread of whoever commits it. */
    public static List<ActivityText> of(TurnCommit.Scheduled scheduled) {
        return scheduled.activities().stream()
                .map(activity ->
                        new ActivityText(activity.work(), activity.leaseToCaller(), JsonText.ofWork(activity.work())))
                .toList();
    }
}
