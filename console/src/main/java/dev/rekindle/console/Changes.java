package dev.rekindle.console;

import dev.rekindle.Client;
import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.StartOptions;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.ForkRequest;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.Management;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be changed, with an audit entry for each attempt: pages and API change things through this and nothing
 * else. Thread-safe.
 */
final class Changes {
    /** Why, when nobody said. */
    static final String NO_REASON = "asked for in the console";

    private final Client client;
    private final Reading reading;
    private final Audit audit;
    private final InstantSource clock;

    Changes(Client client, Reading reading, ConsoleOptions options, InstantSource clock) {
        this.client = client;
        this.reading = reading;
        this.audit = options.audit();
        this.clock = clock;
    }

    /** The same for one visitor, who is named in the audit. */
    By by(String who) {
        return new By(who);
    }

    /** What one visitor changes. */
    final class By {
        private final String who;

        private By(String who) {
            this.who = who;
        }

        void start(Wire.Start start) {
            change("start", start.instance(), () -> {
                Map<String, String> attributes = Objects.requireNonNullElse(start.attributes(), Map.of());
                client.startOrchestration(
                        start.instance(),
                        start.orchestration(),
                        Objects.requireNonNullElse(start.version(), ""),
                        start.input(),
                        options -> new StartOptions(attributes, options.delay()));
            });
        }

        void message(String instance, Wire.Message message) {
            change("send-event", instance, () -> {
                Codec.json().decode(message.payload(), Object.class);
                client.send(
                        new WorkItem.RaiseEvent(
                                Limits.checkInstanceId(instance),
                                null,
                                Limits.checkName("channel", message.channel()),
                                Limits.checkPayload("event for '" + instance + "'", message.payload())),
                        Duration.ZERO);
            });
        }

        void cancel(String instance, @Nullable String reason) {
            change("cancel", instance, () -> client.cancel(instance, orNone(reason)));
        }

        void terminate(String instance, @Nullable String reason) {
            change("terminate", instance, () -> client.terminate(instance, orNone(reason)));
        }

        void suspend(String instance, @Nullable String reason) {
            change("suspend", instance, () -> management().suspend(instance, orNone(reason)));
        }

        void resume(String instance) {
            change("resume", instance, () -> management().resume(instance));
        }

        void retry(String instance, @Nullable Long fromEvent) {
            change("retry", instance, () -> {
                if (fromEvent == null) {
                    management().retry(instance);
                } else {
                    management().retry(instance, fromEvent);
                }
            });
        }

        void fork(ForkRequest request) {
            change(
                    "fork",
                    request.source() + " as " + request.instance(),
                    () -> management().fork(request));
        }

        Deletion delete(List<String> instances, DeleteOptions options) {
            return change(
                    "delete",
                    String.join(", ", instances),
                    () -> management().delete(instances, options),
                    deleted -> "done, %d instances".formatted(deleted.instances()));
        }

        Deletion prune(String instance, int keepLast) {
            return change(
                    "prune",
                    instance,
                    () -> management().prune(instance, keepLast),
                    pruned -> "done, %d executions".formatted(pruned.executions()));
        }

        void importInstance(InstanceExport export) {
            change("import", export.instance().instance(), () -> management().importInstance(export));
        }

        long deleteDeadLetters(List<Long> keys) {
            return change(
                    "delete-dead-letters",
                    keys.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    () -> management().deleteDeadLetters(keys),
                    count -> "done, %d of them".formatted(count));
        }

        BulkResult bulk(Wire.Bulk bulk) {
            return change(
                    bulk.action().name().toLowerCase(Locale.ROOT) + "-all",
                    bulk.query().toString(),
                    () -> doToAll(bulk),
                    result -> "done, %d instances, %d left as they are".formatted(result.done(), result.skipped()));
        }

        private BulkResult doToAll(Wire.Bulk bulk) {
            Management management = management();
            String reason = orNone(bulk.reason());
            Consumer<String> action = switch (bulk.action()) {
                case CANCEL -> id -> client.cancel(id, reason);
                case TERMINATE -> id -> client.terminate(id, reason);
                case SUSPEND -> id -> management.suspend(id, reason);
                case RESUME -> management::resume;
                case RETRY -> management::retry;
                case DELETE -> null;
            };
            return action == null
                    ? management.deleteAll(
                            bulk.query(),
                            Objects.requireNonNullElse(bulk.options(), DeleteOptions.CAREFUL),
                            bulk.limit())
                    : management.forAll(bulk.query(), bulk.limit(), action);
        }

        /** Does it to each of these, which is as many changes. */
        BulkResult each(
                Wire.BulkAction action, List<String> instances, @Nullable String reason, DeleteOptions options) {
            Consumer<String> change = switch (action) {
                case CANCEL -> id -> cancel(id, reason);
                case TERMINATE -> id -> terminate(id, reason);
                case SUSPEND -> id -> suspend(id, reason);
                case RESUME -> this::resume;
                case RETRY -> id -> retry(id, null);
                case DELETE -> id -> delete(List.of(id), options);
            };
            return management().forEach(instances, change);
        }

        /** Clients of ours have written halves of characters as escapes already. */
        private static void checkWhole(String what, String payload) {
            if (!Limits.checkPayload(what, payload).equals(payload)) {
                throw new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "half a character in %s; expected whole ones, found a surrogate without the other. Write it as an escape of the payload's JSON."
                                .formatted(what));
            }
        }

        /** A message that another client of ours composed: what its users may send, and nothing that only a runtime sends. */
        void send(WorkItem work, Duration delay) {
            Limits.checkInstanceId(work.instance());
            switch (work) {
                case WorkItem.StartOrchestration start -> {
                    Limits.checkName("orchestration name", start.orchestration());
                    Limits.checkAttributes(start.attributes());
                    checkWhole("input of '" + start.instance() + "'", start.input());
                    if (start.fork() != null) {
                        reading.checkNothingIsHidden("A fork carries payloads that were read before");
                    }
                    change(start.fork() == null ? "start" : "fork", start.instance(), () -> client.send(start, delay));
                }
                case WorkItem.RaiseEvent event -> {
                    Limits.checkName("channel", event.channel());
                    checkWhole("event for '" + event.instance() + "'", event.payload());
                    change("send-event", event.instance(), () -> client.send(event, delay));
                }
                case WorkItem.CancelInstance cancel -> {
                    Limits.checkName("reason", cancel.reason());
                    change("cancel", cancel.instance(), () -> client.send(cancel, delay));
                }
                case WorkItem.TerminateInstance terminate -> {
                    Limits.checkName("reason", terminate.reason());
                    change("terminate", terminate.instance(), () -> client.send(terminate, delay));
                }
                case WorkItem.ContinueAsNew w -> throw notFromAfar(w);
                case WorkItem.CompletionWork w -> throw notFromAfar(w);
                case WorkItem.ReopenInstance w -> throw notFromAfar(w);
                case WorkItem.ActivityExecute w -> throw notFromAfar(w);
            }
        }

        void reopen(WorkItem.ReopenInstance message, long lastEventId) {
            reading.checkNothingIsHidden("A message to reopen carries payloads that were read before");
            change(
                    "retry",
                    message.instance(),
                    () -> client.requireCapability(ManagementCapability.class).reopenInstance(message, lastEventId));
        }

        private Management management() {
            return client.management();
        }

        private void change(String action, String subject, Runnable change) {
            change(
                    action,
                    subject,
                    () -> {
                        change.run();
                        return "done";
                    },
                    outcome -> outcome);
        }

        private <T> T change(String action, String subject, Supplier<T> change, Function<T, String> told) {
            String outcome = "failed unexpectedly";
            try {
                T result = change.get();
                outcome = told.apply(result);
                return result;
            } catch (RekindleException e) {
                outcome = "refused: " + e.code();
                throw e;
            } finally {
                audit.changed(new Audit.Change(clock.instant(), who, action, subject, outcome));
            }
        }
    }

    private static String orNone(@Nullable String reason) {
        return reason == null || reason.isBlank() ? NO_REASON : reason;
    }

    private static RekindleException notFromAfar(WorkItem work) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "not a message that clients send: '%s'; expected a start, an event, a cancellation or a termination."
                        .formatted(work.getClass().getSimpleName()));
    }
}
