package dev.rekindle.sqlite;

import java.sql.SQLException;
import java.util.List;

/** The statements that one connection writes with, in the order in which a batch executes them. */
record Tables(
        Session session,
        InstanceTable instance,
        HistoryTable history,
        MessageTable message,
        TimerTable timer,
        WorkTable work,
        StoreTable store,
        AttributeTable attribute,
        RequestTable request,
        FigureTable figure,
        List<Bulk> order) {

    static Tables of(Session session) throws SQLException {
        InstanceTable instance = new InstanceTable(session);
        HistoryTable history = new HistoryTable(session);
        MessageTable message = new MessageTable(session);
        TimerTable timer = new TimerTable(session);
        WorkTable work = new WorkTable(session);
        StoreTable store = new StoreTable(session);
        AttributeTable attribute = new AttributeTable(session);
        RequestTable request = new RequestTable(session);
        FigureTable figure = new FigureTable(session);
        List<Bulk> order = List.of(
                message.delete,
                message.deleteOf,
                message.forgetDeaths,
                message.deaths,
                message.putBack,
                timer.delete,
                timer.deleteRange,
                timer.forgetDeaths,
                timer.deaths,
                timer.putBack,
                work.delete,
                work.deleteRange,
                work.deaths,
                work.retry,
                work.hurry,
                work.heartbeat,
                history.deleteRange,
                history.insert,
                instance.deleteExecutions,
                instance.insertExecution,
                instance.nextExecution,
                instance.begin,
                instance.customStatus,
                instance.problem,
                instance.finish,
                instance.reopen,
                instance.prune,
                instance.delete,
                work.insert,
                work.insertWhole,
                timer.insert,
                message.insert,
                message.insertDead,
                attribute.delete,
                attribute.insert,
                request.answer,
                request.delete,
                figure.add,
                figure.forget,
                store.setLastKey,
                store.insertOwner,
                store.forgetCleanEpochs,
                store.release,
                instance.count);
        return new Tables(session, instance, history, message, timer, work, store, attribute, request, figure, order);
    }

    /** Executes all that was collected, and returns for how many rows. */
    long flush() throws SQLException {
        long rows = 0;
        for (Bulk bulk : order) {
            rows += bulk.pending();
            bulk.flush();
        }
        return rows;
    }

    /** Forgets all that was collected. */
    void clear() throws SQLException {
        instance.insert.clear();
        instance.insertWhole.clear();
        message.deleteDead.clear();
        request.insert.clear();
        work.insertIfAbsent.clear();
        for (Bulk bulk : order) {
            bulk.clear();
        }
    }
}
