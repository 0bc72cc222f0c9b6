package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnCommit.Transition;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a turn durable. The hot step writes three rows: one leaves the work queue, one joins history, one the queue. */
final class CommitTurn extends Op<TurnReceipt> {
    private final TurnCommit commit;
    private final @Nullable String events;
    private final @Nullable String opening;
    private final Scheduling scheduling;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<WorkEntry> consumed = new ArrayList<>();
    private final Map<Long, Letter> leftover = new LinkedHashMap<>();
    private @Nullable Instance instance;
    private @Nullable Letter openingLetter;

    CommitTurn(TurnCommit commit) {
        this.commit = commit;
        this.events = commit.events().isEmpty() ? null : JsonText.ofEvents(commit.events());
        this.opening = commit.transition() instanceof Transition.ContinueAsNew(WorkItem.ContinueAsNew next)
                ? JsonText.ofWork(next)
                : null;
        this.scheduling = new Scheduling(
                (commit.transition() instanceof Transition.Stay ? commit.effects() : TurnCommit.Effects.NONE)
                        .scheduled());
        for (WorkItem.OrchestratorWork message : commit.effects().messages()) {
            deliveries.add(new Delivery(message, Duration.ZERO));
        }
    }

    @Override
    boolean admit(Batch batch) throws SQLException {
        String id = commit.lease().instance();
        Instance found = batch.board().mail.leased(commit.lease().token());
        if (found == null || !found.id.equals(id)) {
            throw ProviderErrors.leaseLost(id);
        }
        instance = found;
        if (found.status == Status.SUSPENDED && !(commit.transition() instanceof Transition.Finish)) {
            throw ProviderErrors.suspended(id);
        }
        boolean closes = !(commit.transition() instanceof Transition.Stay);
        if (!batch.own(found, closes)) {
            return false;
        }
        checkPosition(found);
        for (long message : commit.consumed().messages()) {
            if (!found.inbox().containsKey(message)) {
                throw ProviderErrors.leaseLost(id, "message " + message + " was consumed before");
            }
        }
        consumed.clear();
        for (WorkLease lease : commit.consumed().work()) {
            WorkEntry entry = batch.board().work.leased(lease.token());
            if (entry == null || Keys.instance(entry.key) != found.key) {
                throw ProviderErrors.workLeaseLost(id);
            }
            if (!batch.claim(entry)) {
                return false;
            }
            consumed.add(entry);
        }
        leftover.clear();
        if (closes) {
            leftover.putAll(found.inbox());
            commit.consumed().messages().forEach(leftover::remove);
            if (commit.transition() instanceof Transition.ContinueAsNew) {
                leftover.values().removeIf(letter -> !letter.completes());
            } else {
                addDelayed(batch, found);
            }
        }
        for (Delivery delivery : deliveries) {
            if (closes) {
                delivery.after(new Delivery.Closing(found, commit.transition() instanceof Transition.Finish));
            }
            if (!delivery.admit(batch)) {
                return false;
            }
        }
        return true;
    }

    /** What is not yet visible to an instance that ends will never be. */
    private void addDelayed(Batch batch, Instance found) throws SQLException {
        for (MessageTable.Row row : MessageTable.delayedOf(batch.tables().session(), found.key)) {
            WorkItem.OrchestratorWork work = readable(row);
            boolean known = commit.consumed().messages().contains(row.key()) || leftover.containsKey(row.key());
            if (work != null && !known) {
                leftover.put(row.key(), Letter.read(row, work, batch.board().epochs()));
            }
        }
    }

    private static WorkItem.@Nullable OrchestratorWork readable(MessageTable.Row row) {
        try {
            return JsonText.toWork(row.body()) instanceof WorkItem.OrchestratorWork work ? work : null;
        } catch (RekindleException e) {
            return null;
        }
    }

    private void checkPosition(Instance found) {
        TurnCommit.Position position = commit.position();
        if (position.executionId() != found.execution || position.lastEventId() != found.lastEventId) {
            throw ProviderErrors.positionLost(found.id, position, found.execution, found.lastEventId);
        }
        ProviderErrors.checkOrder(found.id, position.lastEventId(), commit.events());
        Keys.of(found.key, found.base + found.lastEventId + commit.events().size());
    }

    @Override
    void write(Batch batch) throws SQLException {
        Instance its = instance();
        Tables tables = batch.tables();
        for (long message : commit.consumed().messages()) {
            deleteMessage(tables, message);
        }
        for (Letter letter : leftover.values()) {
            if (letter.text(tables.session()) instanceof WorkItem.RaiseEvent event) {
                batch.insertDeadLetter(event, JsonText.ofWork(event), TurnCommit.DeadLetter.UNTAKEN);
            }
            deleteMessage(tables, letter.id);
        }
        for (WorkEntry entry : consumed) {
            tables.work().delete.add(entry.key);
        }
        if (events != null) {
            tables.history()
                    .insert
                    .add(
                            Keys.of(its.key, its.base + its.lastEventId + 1),
                            (long) commit.events().size(),
                            events);
        }
        TurnCommit.Effects effects = commit.effects();
        if (effects.customStatus() != null) {
            tables.instance().customStatus.add(effects.customStatus().value(), its.key);
        }
        for (TurnCommit.DeadLetter dead : effects.deadLetters()) {
            batch.insertDeadLetter(dead.work(), JsonText.ofWork(dead.work()), dead.reason());
        }
        for (Delivery delivery : deliveries) {
            delivery.acceptOrAnswer(batch);
        }
        switch (commit.transition()) {
            case Transition.Stay stay -> writeStay(batch, its);
            case Transition.ContinueAsNew next -> writeNextExecution(batch, its, next);
            case Transition.Finish finish -> {
                deleteOpen(tables, its);
                tables.instance().finish.add(finish.status().label(), version(its), batch.now(), batch.now(), its.key);
                batch.moved(its.status, finish.status());
            }
        }
    }

    private void writeStay(Batch batch, Instance its) throws SQLException {
        Tables tables = batch.tables();
        if (its.status != Status.RUNNING || its.problem != null || !version(its).equals(its.version)) {
            tables.instance().begin.add(version(its), batch.now(), its.key);
            batch.moved(its.status, Status.RUNNING);
        }
        TurnCommit.Effects effects = commit.effects();
        if (its.openWork > 0) {
            for (long scheduled : effects.cancelledActivities()) {
                tables.work().delete.add(Keys.of(its.key, its.base + scheduled));
            }
        }
        if (its.openTimers > 0) {
            for (long scheduled : effects.cancelledTimers()) {
                tables.timer().delete.add(Keys.of(its.key, its.base + scheduled));
            }
        }
        scheduling.write(batch, its.key, its.base);
    }

    private void writeNextExecution(Batch batch, Instance its, Transition.ContinueAsNew next) throws SQLException {
        Tables tables = batch.tables();
        deleteOpen(tables, its);
        long base = its.base + its.lastEventId + commit.events().size();
        tables.instance().insertExecution.add(its.key, its.execution + 1, base, batch.now());
        tables.instance().nextExecution.add(its.execution + 1, base, its.key);
        tables.instance().begin.add(version(its), batch.now(), its.key);
        batch.moved(its.status, Status.RUNNING);
        String body = Objects.requireNonNull(opening, "not prepared");
        openingLetter = Letter.written(batch.insertMessage(its.key, null, body), its.key, next.next(), body.length());
    }

    private void deleteOpen(Tables tables, Instance its) throws SQLException {
        if (its.openWork > consumed.size()) {
            tables.work().deleteRange.add(Keys.first(its.key), Keys.last(its.key));
        }
        long fired = commit.consumed().messages().stream().filter(id -> id < 0).count();
        if (its.openTimers > fired) {
            tables.timer().deleteRange.add(Keys.first(its.key), Keys.last(its.key));
        }
    }

    private static void deleteMessage(Tables tables, long id) throws SQLException {
        if (id < 0) {
            tables.timer().delete.add(-id);
        } else {
            tables.message().delete.add(id);
        }
    }

    @Override
    TurnReceipt committed(Batch batch) {
        Instance its = instance();
        Board board = batch.board();
        NodeId node = its.node;
        for (long message : commit.consumed().messages()) {
            board.mail.consume(its, message);
            its.openTimers -= message < 0 ? 1 : 0;
        }
        for (WorkEntry entry : consumed) {
            board.work.remove(entry);
            its.openWork--;
        }
        its.lastEventId += commit.events().size();
        its.version = version(its);
        its.problem = null;
        if (commit.effects().customStatus() != null) {
            its.customStatus = commit.effects().customStatus().value();
        }
        for (Delivery delivery : deliveries) {
            delivery.committed(batch);
        }
        return switch (commit.transition()) {
            case Transition.Stay stay -> {
                its.status = Status.RUNNING;
                TurnReceipt receipt = stayed(board, its, node);
                releaseUnlessKept(board, its);
                yield receipt;
            }
            case Transition.ContinueAsNew next -> {
                its.status = Status.RUNNING;
                forgetOpen(board, its);
                leftover.keySet().forEach(message -> board.mail.consume(its, message));
                board.mail.forgetFiredTimers(its);
                its.execution++;
                its.base += its.lastEventId;
                its.lastEventId = 0;
                board.mail.written(Objects.requireNonNull(openingLetter, "not written"));
                releaseUnlessKept(board, its);
                yield new TurnReceipt(List.of());
            }
            case Transition.Finish finish -> {
                its.status = finish.status();
                forgetOpen(board, its);
                leftover.keySet().forEach(board.mail.delayed::remove);
                board.mail.finish(its, leftover.keySet());
                board.ends.tell(its.snapshot(finish.output(), finish.failure(), batch.now()));
                yield new TurnReceipt(List.of());
            }
        };
    }

    private TurnReceipt stayed(Board board, Instance its, @Nullable NodeId node) {
        TurnCommit.Effects effects = commit.effects();
        for (long scheduled : effects.cancelledActivities()) {
            its.openWork -= board.work.remove(Keys.of(its.key, its.base + scheduled)) ? 1 : 0;
        }
        for (long scheduled : effects.cancelledTimers()) {
            its.openTimers -= board.mail.removeTimer(its, Keys.of(its.key, its.base + scheduled)) ? 1 : 0;
        }
        return new TurnReceipt(scheduling.committed(board, its, node));
    }

    private void releaseUnlessKept(Board board, Instance its) {
        if (!commit.keepLease()) {
            board.mail.release(its, Long.MIN_VALUE);
        }
    }

    private static void forgetOpen(Board board, Instance its) {
        if (its.openWork > 0) {
            board.work.removeAll(its.key);
        }
        if (its.openTimers > 0) {
            board.mail.timers.removeAll(its.key);
        }
        its.openWork = 0;
        its.openTimers = 0;
    }

    private String version(Instance its) {
        String ran = commit.position().version();
        return ran.isEmpty() ? its.version : ran;
    }

    private Instance instance() {
        return Objects.requireNonNull(instance, "not admitted");
    }
}
