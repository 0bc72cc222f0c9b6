package dev.rekindle.sqlite;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.provider.WorkItem;
import java.util.List;

/** What management can change, as it is asked of the owner: by a call, or by a row that another process wrote. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Change.Suspend.class, name = "Suspend"),
    @JsonSubTypes.Type(value = Change.Resume.class, name = "Resume"),
    @JsonSubTypes.Type(value = Change.Reopen.class, name = "Reopen"),
    @JsonSubTypes.Type(value = Change.Delete.class, name = "Delete"),
    @JsonSubTypes.Type(value = Change.Prune.class, name = "Prune"),
    @JsonSubTypes.Type(value = Change.Import.class, name = "Import"),
    @JsonSubTypes.Type(value = Change.DeleteDeadLetters.class, name = "DeleteDeadLetters"),
})
sealed interface Change {
    record Suspend(String instance, String reason) implements Change {}

    record Resume(String instance) implements Change {}

    record Reopen(WorkItem.ReopenInstance message, long lastEventId) implements Change {}

    record Delete(List<String> instances, DeleteOptions options) implements Change {}

    record Prune(String instance, int keepLast) implements Change {}

    record Import(InstanceExport export) implements Change {}

    record DeleteDeadLetters(List<Long> keys) implements Change {}
}
