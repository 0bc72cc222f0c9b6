package dev.rekindle.sqlite;

import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes instances with all that belongs to them. */
final class DeleteInstances extends ChangeOp {
    private final Set<String> asked;
    private final DeleteOptions options;
    private final Map<String, Instance> doomed = new LinkedHashMap<>();
    private final List<Delivery> news = new ArrayList<>();
    private final Map<Instance, List<Long>> messages = new LinkedHashMap<>();

    DeleteInstances(Change.Delete change) {
        this.asked = new LinkedHashSet<>(change.instances());
        this.options = change.options();
    }

    @Override
    boolean admit(Batch batch) throws SQLException {
        doomed.clear();
        news.clear();
        ArrayDeque<String> waiting = new ArrayDeque<>(asked);
        while (!waiting.isEmpty()) {
            String id = waiting.remove();
            if (!doomed.containsKey(id)) {
                Instance found = require(batch, id);
                doomed.put(id, found);
                waiting.addAll(children(batch, found));
            }
        }
        for (Instance its : doomed.values()) {
            if (!batch.own(its, true)) {
                return false;
            }
        }
        for (Instance its : doomed.values()) {
            ParentLink parent = its.parent;
            if (parent != null && !its.status.isTerminal() && !doomed.containsKey(parent.instance())) {
                Delivery told = new Delivery(ProviderErrors.childDeleted(its.id, parent), Duration.ZERO);
                news.add(told);
                if (!told.admit(batch)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Instance require(Batch batch, String id) throws SQLException {
        Instance found = batch.find(id);
        if (found == null) {
            throw ProviderErrors.notFound(id);
        }
        if (!options.force() && !found.status.isTerminal()) {
            throw ProviderErrors.notEnded(id, found.status);
        }
        return found;
    }

    private List<String> children(Batch batch, Instance parent) throws SQLException {
        List<String> children = InstanceTable.children(batch.tables().session(), parent.id, parent.runId);
        for (String child : children) {
            if (!options.cascade() && !asked.contains(child)) {
                throw ProviderErrors.hasChildren(parent.id, child);
            }
        }
        return children;
    }

    @Override
    void write(Batch batch) throws SQLException {
        messages.clear();
        Deletion all = Deletion.NONE;
        for (Instance its : doomed.values()) {
            all = all.plus(delete(batch, its));
        }
        for (Delivery told : news) {
            if (told.fate(batch) == Delivery.Fate.ACCEPTED) {
                told.accept(batch);
            }
        }
        removed(all);
    }

    private Deletion delete(Batch batch, Instance its) throws SQLException {
        Tables tables = batch.tables();
        Session session = tables.session();
        InstanceTable.Row row = row(batch, its);
        long first = Keys.first(its.key);
        long last = Keys.last(its.key);
        List<Long> letters = MessageTable.keysOf(session, its.key);
        messages.put(its, letters);
        long events = HistoryTable.countEvents(session, first, last);
        long queued = letters.size() + WorkTable.count(session, first, last) + TimerTable.count(session, first, last);
        tables.message().deleteOf.add(its.key);
        tables.work().deleteRange.add(first, last);
        tables.timer().deleteRange.add(first, last);
        tables.history().deleteRange.add(first, last);
        tables.instance().deleteExecutions.add(its.key, Long.MAX_VALUE);
        for (Map.Entry<String, String> attribute :
                Json.toAttributes(row.attributes()).entrySet()) {
            tables.attribute().delete.add(attribute.getKey(), attribute.getValue(), row.createdAt(), its.key);
        }
        tables.instance().delete.add(its.key);
        batch.deleted(its.status);
        return new Deletion(1, row.execution() - row.firstExecution() + 1, events, queued);
    }

    @Override
    void follow(Batch batch) {
        Board board = batch.board();
        messages.forEach((its, letters) -> {
            board.work.removeAll(its.key);
            board.mail.forget(its, letters);
            board.ends.giveUp(its.id);
        });
        news.forEach(told -> told.committed(batch));
    }
}
