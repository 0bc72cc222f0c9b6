package dev.rekindle.sqlite;

import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ExportRules;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates an instance as an export describes it. */
final class ImportInstance extends ChangeOp {
    /** How many events go into one row. */
    private static final int EVENTS_IN_A_ROW = 100;

    private final InstanceExport export;
    private final List<Delayed> letters = new ArrayList<>();
    private final Map<Long, Long> timers = new LinkedHashMap<>();

    /** A message, and from when on it is visible. */
    private record Delayed(Letter letter, @Nullable Long visibleAt) {}

    ImportInstance(InstanceExport export) {
        this.export = export;
    }

    @Override
    boolean admit(Batch batch) throws SQLException {
        ExportRules.check(export);
        String id = export.instance().instance();
        if (batch.find(id) != null) {
            throw ProviderErrors.exists(id);
        }
        Keys.of(
                0,
                export.executions().stream()
                        .mapToLong(execution -> execution.events().size())
                        .sum());
        return true;
    }

    @Override
    void write(Batch batch) throws SQLException {
        InstanceSummary its = export.instance();
        long key = batch.nextInstance();
        List<Long> bases = bases();
        Tables tables = batch.tables();
        tables.instance().addWhole(row(its, key, bases.getLast()));
        if (tables.instance().insertWhole.flush()[0] == 0) {
            throw ProviderErrors.exists(its.instance());
        }
        batch.created(its.status());
        batch.insertAttributes(key, its.createdAt().toEpochMilli(), its.attributes());
        for (int i = 0; i < bases.size(); i++) {
            writeExecution(tables, key, export.executions().get(i), bases.get(i));
        }
        writeMessages(batch, key);
        for (QueuedActivity activity : export.queues().activities()) {
            writeActivity(batch, Keys.of(key, bases.getLast() + activity.work().scheduledId()), activity);
        }
        timers.clear();
        for (QueuedTimer timer : export.queues().timers()) {
            long timerKey = Keys.of(key, bases.getLast() + timer.scheduledId());
            timers.put(timerKey, Finding.millis(timer.dueAt()));
            tables.timer().insert.add(timerKey, Finding.millis(timer.dueAt()), batch.epoch());
        }
    }

    /** The positions at which the executions begin: one after the other, as if those before had never been. */
    private List<Long> bases() {
        List<Long> bases = new ArrayList<>();
        long base = 0;
        for (ExecutionHistory execution : export.executions()) {
            bases.add(base);
            base += execution.events().size();
        }
        return bases;
    }

    private InstanceTable.Row row(InstanceSummary its, long key, long base) {
        return new InstanceTable.Row(
                key,
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                its.parent(),
                its.status(),
                its.executionId(),
                base,
                its.customStatus(),
                its.problem(),
                its.createdAt().toEpochMilli(),
                millis(its.startedAt()),
                millis(its.finishedAt()),
                export.executions().getFirst().executionId(),
                Json.ofAttributes(its.attributes()));
    }

    private void writeExecution(Tables tables, long key, ExecutionHistory execution, long base) throws SQLException {
        if (execution.executionId() > 1) {
            Long startedAt = millis(execution.startedAt());
            long created = export.instance().createdAt().toEpochMilli();
            tables.instance()
                    .insertExecution
                    .add(key, execution.executionId(), base, startedAt == null ? Long.valueOf(created) : startedAt);
        }
        List<Event> events = execution.events();
        for (int from = 0; from < events.size(); from += EVENTS_IN_A_ROW) {
            List<Event> part = events.subList(from, Math.min(events.size(), from + EVENTS_IN_A_ROW));
            tables.history().insert.add(Keys.of(key, base + from + 1), (long) part.size(), JsonText.ofEvents(part));
        }
    }

    private void writeMessages(Batch batch, long key) throws SQLException {
        letters.clear();
        for (QueuedMessage message : export.queues().messages()) {
            WorkItem.OrchestratorWork work = message.work();
            String body = JsonText.ofWork(work);
            Long due = millis(message.visibleAt());
            Long visibleAt = due == null || due <= batch.now() ? null : due;
            long letter = batch.insertMessage(key, visibleAt, body);
            letters.add(new Delayed(
                    visibleAt == null
                            ? Letter.written(letter, key, work, body.length())
                            : Letter.delayed(letter, key, work, body.length()),
                    visibleAt));
        }
    }

    /** Its row is one that somebody else wrote: it has a time of its own, so that the owner finds it. */
    private static void writeActivity(Batch batch, long key, QueuedActivity activity) throws SQLException {
        Long due = millis(activity.visibleAt());
        long visibleAt = due == null ? batch.now() : Math.max(due, batch.now());
        batch.tables().work().addWhole(key, activity, visibleAt);
    }

    @Override
    void follow(Batch batch) {
        Board board = batch.board();
        for (Delayed delayed : letters) {
            Long due = delayed.visibleAt();
            if (due == null) {
                board.mail.written(delayed.letter());
            } else {
                board.mail.delay(due, delayed.letter(), true);
            }
        }
        timers.forEach((key, due) -> board.mail.timers.written(due, key, Letter.timer(key, 0, true)));
        board.work.delayed.review();
        board.signalAll();
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : Long.valueOf(Finding.millis(time));
    }
}
