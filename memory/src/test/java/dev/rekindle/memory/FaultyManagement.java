package dev.rekindle.memory;

import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.WorkItem;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Management that does one thing wrong. */
final class FaultyManagement implements InvocationHandler {
    private final ManagementCapability inner;
    private final Fault fault;
    private final Map<String, String> late = new ConcurrentHashMap<>();

    FaultyManagement(ManagementCapability inner, Fault fault) {
        this.inner = inner;
        this.fault = fault;
    }

    ManagementCapability proxy() {
        return (ManagementCapability) Proxy.newProxyInstance(
                FaultyManagement.class.getClassLoader(), new Class<?>[] {ManagementCapability.class}, this);
    }

    /** A turn has been committed. */
    void committed(String instance) {
        String reason = late.remove(instance);
        if (reason != null) {
            inner.suspendInstance(instance, reason);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // The arguments are those of ManagementCapability's methods.
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        return switch (method.getName() + " " + fault) {
            case "suspendInstance SUSPEND_LATE" -> late.put((String) given[0], (String) given[1]);
            case "pruneExecutions PRUNE_ONE_MORE" ->
                inner.pruneExecutions((String) given[0], Math.max(1, (int) given[1] - 1));
            case "deleteInstances DELETE_ONE_BY_ONE" -> deleted((List<String>) given[0], (DeleteOptions) given[1]);
            case "deleteInstances CASCADE_ALWAYS" ->
                inner.deleteInstances((List<String>) given[0], ((DeleteOptions) given[1]).withCascade(true));
            case "reopenInstance REOPEN_ANYWHERE" -> reopened((WorkItem.ReopenInstance) given[0]);
            case "queryInstances IGNORE_ATTRIBUTES" ->
                inner.queryInstances(withoutAttributes((InstanceQuery) given[0]), (PageRequest) given[1]);
            default -> forward(method, given);
        };
    }

    private Deletion deleted(List<String> instances, DeleteOptions options) {
        return instances.stream()
                .map(instance -> inner.deleteInstances(List.of(instance), options))
                .reduce(Deletion.NONE, Deletion::plus);
    }

    private @Nullable Object reopened(WorkItem.ReopenInstance message) {
        inner.reopenInstance(message, inner.getInstanceInfo(message.instance()).events());
        return null;
    }

    private static InstanceQuery withoutAttributes(InstanceQuery query) {
        return new InstanceQuery(
                query.statuses(),
                query.orchestration(),
                query.version(),
                query.idPrefix(),
                query.parent(),
                query.rootsOnly(),
                query.troubledOnly(),
                query.createdFrom(),
                query.createdBefore(),
                query.finishedBefore(),
                Map.of());
    }

    private @Nullable Object forward(Method method, Object[] given) throws Throwable {
        try {
            return method.invoke(inner, given);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
