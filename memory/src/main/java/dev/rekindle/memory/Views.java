package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ProviderErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What management shows of instances. Its callers have the gate's lock. */
final class Views {
    private Views() {}

    // ---- one instance

    static InstanceSummary summary(Instance its) {
        return new InstanceSummary(
                its.id,
                its.runId,
                its.definition.orchestration(),
                its.definition.version(),
                its.status,
                its.executionId,
                its.definition.parent(),
                its.customStatus,
                its.problem,
                its.attributes,
                its.createdAt,
                its.firstTurnAt,
                its.finishedAt);
    }

    static InstanceQueues queues(Instance its) {
        return new InstanceQueues(
                Inspection.node(its.held),
                its.notBefore,
                its.letters()
                        .map(letter -> new QueuedMessage(letter.work(), letter.visibleAt))
                        .toList(),
                its.activities.values().stream().map(Views::activity).toList(),
                its.allTimers().entrySet().stream()
                        .map(timer -> new QueuedTimer(its.executionId, timer.getKey(), timer.getValue()))
                        .toList());
    }

    private static QueuedActivity activity(Instance.Activity its) {
        return new QueuedActivity(
                its.work,
                its.attempt,
                its.nodeDeaths,
                its.visibleAt,
                its.lastFailure,
                its.heartbeat,
                Inspection.node(its.held));
    }

    static InstanceExport export(Instance its) {
        InstanceQueues queues = queues(its);
        return new InstanceExport(
                InstanceExport.FORMAT,
                summary(its),
                executions(its).stream()
                        .map(execution -> new InstanceExport.ExecutionHistory(
                                execution, its.startedAt.get(execution), its.history(execution)))
                        .toList(),
                new InstanceQueues(
                        null,
                        null,
                        queues.messages(),
                        queues.activities().stream().map(Views::unleased).toList(),
                        queues.timers()));
    }

    private static QueuedActivity unleased(QueuedActivity its) {
        return new QueuedActivity(
                its.work(), its.attempt(), its.nodeDeaths(), its.visibleAt(), its.lastFailure(), its.heartbeat(), null);
    }

    // ---- its executions

    static List<Long> executions(Instance its) {
        return LongStream.rangeClosed(its.oldestExecutionId, its.executionId)
                .boxed()
                .toList();
    }

    static ExecutionInfo execution(Instance its, long executionId) {
        List<Event> history = history(its, executionId);
        boolean current = executionId == its.executionId;
        return new ExecutionInfo(
                its.id,
                executionId,
                current ? its.status : Status.CONTINUED_AS_NEW,
                current ? its.output : null,
                current ? its.failure : null,
                history.size(),
                its.startedAt.get(executionId),
                current ? its.finishedAt : history.getLast().at());
    }

    static List<Event> history(Instance its, long executionId) {
        if (executionId < its.oldestExecutionId || executionId > its.executionId) {
            throw ProviderErrors.noSuchExecution(its.id, executionId, its.executionId);
        }
        return List.copyOf(its.history(executionId));
    }

    static Page<Event> history(Instance its, long executionId, PageRequest page) {
        long after = Cursor.of(page, 0);
        List<Event> rest = history(its, executionId).stream()
                .filter(event -> event.id() > after)
                .limit(page.limit() + 1L)
                .toList();
        return Cursor.page(rest, page, Event::id);
    }

    // ---- all instances

    /** A place in the order of lists, in which the last comes first. */
    private record Position(Instant createdAt, long number) implements Comparable<Position> {
        private static final Pattern CURSOR = Pattern.compile("(-?\\d{1,12})\\.(\\d{1,9})\\.(\\d{1,18})");

        static Position of(Instance its) {
            return new Position(its.createdAt, its.number);
        }

        static Position parse(String cursor) {
            Matcher parts = CURSOR.matcher(cursor);
            if (!parts.matches()) {
                throw ProviderErrors.badCursor(cursor);
            }
            return new Position(
                    Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))),
                    Long.parseLong(parts.group(3)));
        }

        String cursor() {
            return createdAt.getEpochSecond() + "." + createdAt.getNano() + "." + number;
        }

        @Override
        public int compareTo(Position other) {
            int order = other.createdAt.compareTo(createdAt);
            return order != 0 ? order : Long.compare(other.number, number);
        }
    }

    static Page<InstanceSummary> query(Collection<Instance> all, InstanceQuery query, PageRequest page) {
        String cursor = page.cursor();
        Position after = cursor == null ? null : Position.parse(cursor);
        List<Instance> rest = all.stream()
                .filter(its -> after == null || Position.of(its).compareTo(after) > 0)
                .filter(its -> query.matches(summary(its)))
                .sorted(Comparator.comparing(Position::of))
                .limit(page.limit() + 1L)
                .toList();
        List<Instance> items = rest.subList(0, Math.min(rest.size(), page.limit()));
        return new Page<>(
                items.stream().map(Views::summary).toList(),
                rest.size() > items.size() ? Position.of(items.getLast()).cursor() : null);
    }

    static List<DefinitionUse> definitions(Collection<Instance> all) {
        Map<DefinitionUse, Long> counts = all.stream()
                .collect(Collectors.groupingBy(
                        its -> new DefinitionUse(
                                its.definition.orchestration(), its.definition.version(), its.status, 0),
                        Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> new DefinitionUse(
                        entry.getKey().orchestration(),
                        entry.getKey().version(),
                        entry.getKey().status(),
                        Math.min(entry.getValue(), DefinitionUse.COUNTED)))
                .sorted(Comparator.comparing(DefinitionUse::orchestration)
                        .thenComparing(DefinitionUse::version)
                        .thenComparing(DefinitionUse::status))
                .toList();
    }

    static List<OverdueInstance> overdue(Instances instances, int limit) {
        Instant now = instances.now();
        return instances.all().stream()
                .filter(its -> its.held == null && its.problem == null)
                .flatMap(its -> due(its)
                        .filter(time -> !time.isAfter(now))
                        .min(Comparator.naturalOrder())
                        .map(time -> new OverdueInstance(summary(its), time))
                        .stream())
                .sorted(Comparator.comparing(OverdueInstance::dueAt))
                .limit(limit)
                .toList();
    }

    /** When it was, or is, to go on; a start that was not delayed since it was sent. */
    private static Stream<Instant> due(Instance its) {
        return Stream.concat(
                its.allTimers().values().stream(),
                its.letters()
                        .map(letter -> letter.visibleAt == null && letter.opens() ? its.createdAt : letter.visibleAt)
                        .filter(Objects::nonNull));
    }

    /** A place in the order of the queue. */
    private record Place(long instance, long scheduledId) implements Comparable<Place> {
        private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");
        private static final Place BEGINNING = new Place(-1, 0);

        static Place after(PageRequest page) {
            String cursor = page.cursor();
            if (cursor == null) {
                return BEGINNING;
            }
            Matcher parts = CURSOR.matcher(cursor);
            if (!parts.matches()) {
                throw ProviderErrors.badCursor(cursor);
            }
            return new Place(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
        }

        @Override
        public int compareTo(Place other) {
            int order = Long.compare(instance, other.instance);
            return order != 0 ? order : Long.compare(scheduledId, other.scheduledId);
        }
    }

    static Page<ActivityInfo> activities(Collection<Instance> all, ActivityQuery query, PageRequest page) {
        NavigableMap<Place, Instance.Activity> queue = new TreeMap<>();
        for (Instance its : all) {
            its.activities.forEach((id, activity) -> queue.put(new Place(its.number, id), activity));
        }
        List<Map.Entry<Place, Instance.Activity>> found = queue.tailMap(Place.after(page), false).entrySet().stream()
                .filter(entry -> query.matches(entry.getValue().work.activity(), entry.getValue().lastFailure != null))
                .limit(page.limit() + 1L)
                .toList();
        List<Map.Entry<Place, Instance.Activity>> shown = found.subList(0, Math.min(found.size(), page.limit()));
        Place last = found.size() > shown.size() ? shown.getLast().getKey() : null;
        return new Page<>(
                shown.stream()
                        .map(entry -> ActivityInfo.of(activity(entry.getValue())))
                        .toList(),
                last == null ? null : last.instance() + "." + last.scheduledId());
    }

    static List<ActivityQueue> activityQueues(Collection<Instance> all) {
        Map<String, List<Instance.Activity>> byName = all.stream()
                .flatMap(its -> its.activities.values().stream())
                .collect(Collectors.groupingBy(activity -> activity.work.activity()));
        List<ActivityQueue> queues = new ArrayList<>();
        byName.forEach((name, activities) -> queues.add(queue(name, activities)));
        queues.sort(Comparator.comparingLong(ActivityQueue::queued).reversed().thenComparing(ActivityQueue::activity));
        return queues;
    }

    private static ActivityQueue queue(String name, List<Instance.Activity> activities) {
        return new ActivityQueue(
                name,
                activities.size(),
                activities.stream().filter(activity -> activity.attempt > 1).count(),
                activities.stream()
                        .map(activity -> activity.work.scheduledAt())
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                activities.stream()
                        .map(activity -> activity.visibleAt)
                        .filter(Objects::nonNull)
                        .map(Instant.class::cast)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                false);
    }
}
