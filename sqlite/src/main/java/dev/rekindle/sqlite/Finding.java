package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.ProviderErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instances that a query asks for, those that were started last first.
 *
 * <p><b>How.</b> One index leads: the one that promises the fewest rows. Where an index is wanted at several places (two
 * statuses, all versions of an orchestration) these are merged by SQLite, each in its order. What the index does not
 * decide is looked at row by row, and a page looks at {@value #MAX_ROWS} rows at most. Statements are put together of the
 * fragments below; values are always bound.
 */
final class Finding {
    /** How many rows a page looks at. */
    static final int MAX_ROWS = 5_000;

    /** At how many places of one index a query looks. */
    private static final int MAX_PLACES = 64;

    private static final Pattern CURSOR = Pattern.compile("i(-?[0-9a-z]{1,13})[.](-?[0-9a-z]{1,13})");

    private static final String SELECT = """
        SELECT %s.created_at, %s, %s
        FROM %s
        WHERE %s AND (%s.created_at, %s) < (?, ?) AND %s.created_at >= ?
        """;
    private static final String MERGE = """
        UNION ALL
        """;
    private static final String NEWEST = """
        ORDER BY 1 DESC, 2 DESC LIMIT ?
        """;
    private static final String BY_PREFIX = """
        SELECT instance.created_at, instance.key, %s
        FROM instance WHERE id >= ? AND id < ?
        """;
    private static final String COUNT_PREFIX = """
        SELECT count(*) FROM (SELECT 1 FROM instance WHERE id >= ? AND id < ? LIMIT ?)
        """;
    private static final String NEXT_ORCHESTRATION = """
        SELECT orchestration FROM instance INDEXED BY instance_definition
        WHERE orchestration > ? ORDER BY orchestration LIMIT 1
        """;
    private static final String NEXT_VERSION = """
        SELECT version FROM instance INDEXED BY instance_definition
        WHERE orchestration = ? AND version > ? ORDER BY version LIMIT 1
        """;
    private static final String FIRST_VERSION = """
        SELECT version FROM instance INDEXED BY instance_definition
        WHERE orchestration = ? ORDER BY version LIMIT 1
        """;
    private static final String NEXT_STATUS = """
        SELECT status FROM instance INDEXED BY instance_definition
        WHERE orchestration = ? AND version = ? AND status > ? ORDER BY status LIMIT 1
        """;
    private static final String COUNT_DEFINITION = """
        SELECT count(*) FROM (
          SELECT 1 FROM instance INDEXED BY instance_definition
          WHERE orchestration = ? AND version = ? AND status = ? LIMIT ?)
        """;

    private static final String ANY = "1";
    private static final String STATUS_FITS = "instr(?, '|' || instance.status || '|') > 0";
    private static final String ORCHESTRATION_FITS = "instance.orchestration = ?";
    private static final String VERSION_FITS = "instance.version = ?";
    private static final String ID_FITS = "instance.id >= ? AND instance.id < ?";
    private static final String PARENT_FITS = "instance.parent_instance IS ?";
    private static final String IS_ROOT = "instance.parent_instance IS NULL";
    private static final String IS_TROUBLED = "instance.problem IS NOT NULL";
    private static final String FINISHED_FITS = "coalesce(instance.finished_at < ?, 0)";
    private static final String CREATED_FITS =
            "(instance.created_at, instance.key) < (?, ?) AND instance.created_at >= ?";
    private static final String HAS_ATTRIBUTE = """
        EXISTS (
          SELECT 1 FROM attribute
          WHERE name = ? AND value = ? AND created_at = instance.created_at AND instance = instance.key)\
        """;

    private final Session session;
    private final InstanceQuery query;
    private final int limit;
    private final Place after;
    private final long from;

    /** The index that leads, and what is compared in it. */
    private enum Leader {
        CREATED("instance INDEXED BY instance_created", "1", "instance"),
        STATUS("instance INDEXED BY instance_status", "instance.status = ?", "instance"),
        DEFINITION(
                "instance INDEXED BY instance_definition",
                "instance.orchestration = ? AND instance.version = ? AND instance.status = ?",
                "instance"),
        TROUBLED("instance INDEXED BY instance_troubled", IS_TROUBLED, "instance"),
        PARENT("instance INDEXED BY instance_parent", "instance.parent_instance = ?", "instance"),
        ATTRIBUTE(
                "attribute CROSS JOIN instance ON instance.key = attribute.instance",
                "attribute.name = ? AND attribute.value = ?",
                "attribute");

        final String tables;
        final String where;
        final String ordered;

        Leader(String tables, String where, String ordered) {
            this.tables = tables;
            this.where = where;
            this.ordered = ordered;
        }

        String select(String fits) {
            String key = this == ATTRIBUTE ? "attribute.instance" : "instance.key";
            return SELECT.formatted(ordered, key, fits, tables, where, ordered, key, ordered);
        }
    }

    /** The index that leads, and the places in it where instances can be. */
    private record Lead(Leader index, List<List<String>> places) {}

    /** What is not decided by the index: conditions and their values. */
    private static final class Rest {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void and(String condition, Object... its) {
            conditions.add(condition);
            Collections.addAll(values, its);
        }

        boolean isEmpty() {
            return conditions.isEmpty();
        }

        String text() {
            return isEmpty() ? ANY : String.join(" AND ", conditions);
        }
    }

    /** A version of an orchestration in a status. */
    private record Definition(String orchestration, String version, String status) {}

    /** An instance in the order of the list; those that were started last come first. */
    record Place(long createdAt, long key) implements Comparable<Place> {
        static final Place BEGINNING = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(other.createdAt, createdAt);
            return byTime != 0 ? byTime : Long.compare(other.key, key);
        }

        String cursor() {
            return "i" + Long.toString(createdAt, Character.MAX_RADIX) + "." + Long.toString(key, Character.MAX_RADIX);
        }

        static Place of(@Nullable String cursor) {
            if (cursor == null) {
                return BEGINNING;
            }
            Matcher parts = CURSOR.matcher(cursor);
            try {
                if (parts.matches()) {
                    return new Place(
                            Long.parseLong(parts.group(1), Character.MAX_RADIX),
                            Long.parseLong(parts.group(2), Character.MAX_RADIX));
                }
            } catch (NumberFormatException e) {
                throw ProviderErrors.badCursor(cursor);
            }
            throw ProviderErrors.badCursor(cursor);
        }
    }

    private Finding(Session session, InstanceQuery query, PageRequest page) {
        this.session = session;
        this.query = query;
        this.limit = page.limit();
        Place cursor = Place.of(page.cursor());
        Instant before = query.createdBefore();
        Place end = before == null ? Place.BEGINNING : new Place(millis(before), Long.MIN_VALUE);
        this.after = cursor.compareTo(end) > 0 ? cursor : end;
        this.from = query.createdFrom() == null ? Long.MIN_VALUE : millis(query.createdFrom());
    }

    static Page<InstanceSummary> page(Session session, InstanceQuery query, PageRequest page) throws SQLException {
        return new Finding(session, query, page).page();
    }

    /** Which versions of which orchestrations have instances in which status. */
    static List<DefinitionUse> definitions(Session session) throws SQLException {
        List<DefinitionUse> uses = new ArrayList<>();
        for (Definition definition : definitions(session, null)) {
            uses.add(new DefinitionUse(
                    definition.orchestration(),
                    definition.version(),
                    Status.parse(definition.status()),
                    session.number(
                            COUNT_DEFINITION,
                            definition.orchestration(),
                            definition.version(),
                            definition.status(),
                            DefinitionUse.COUNTED)));
        }
        uses.sort(Comparator.comparing(DefinitionUse::orchestration)
                .thenComparing(DefinitionUse::version)
                .thenComparing(DefinitionUse::status));
        return List.copyOf(uses);
    }

    /** The first millisecond that is not before a time. */
    static long millis(Instant time) {
        try {
            long floor = time.toEpochMilli();
            return time.equals(Instant.ofEpochMilli(floor)) ? floor : floor + 1;
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** What comes after all texts that begin so, in the order of the index; a place behind everything if nothing does. */
    static String afterPrefix(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int i = points.length - 1; i >= 0; i--) {
            if (points[i] < Character.MAX_CODE_POINT) {
                int next = points[i] + 1;
                points[i] = next == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : next;
                return new String(points, 0, i + 1);
            }
        }
        return Character.toString(Character.MAX_CODE_POINT).repeat(300);
    }

    private Page<InstanceSummary> page() throws SQLException {
        String prefix = prefix();
        if (prefix != null && session.number(COUNT_PREFIX, prefix, afterPrefix(prefix), MAX_ROWS + 1L) <= MAX_ROWS) {
            return byPrefix(prefix);
        }
        Lead lead = lead();
        if (lead.places().isEmpty()) {
            return Page.empty();
        }
        Rest rest = rest(lead.index());
        int places = Integer.highestOneBit(2 * lead.places().size() - 1);
        String text =
                String.join(MERGE, Collections.nCopies(places, lead.index().select(rest.text()))) + NEWEST;
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            values.addAll(rest.values);
            values.addAll(
                    i < lead.places().size()
                            ? lead.places().get(i)
                            : Collections.nCopies(lead.places().getFirst().size(), null));
            Collections.addAll(values, after.createdAt(), after.key(), from);
        }
        int budget = rest.isEmpty() ? limit : MAX_ROWS;
        values.add(budget + 1L);
        Walk walk = new Walk(budget);
        session.scan(text, walk::visit, values.toArray());
        return walk.page();
    }

    /** One page being filled. */
    private final class Walk {
        private final int budget;
        private final List<Long> found = new ArrayList<>();
        private int looked;
        private boolean more;
        private Place last = after;

        Walk(int budget) {
            this.budget = budget;
        }

        boolean visit(ResultSet row) throws SQLException {
            if (looked == budget || found.size() == limit) {
                more = true;
                return false;
            }
            looked++;
            last = new Place(row.getLong(1), row.getLong(2));
            if (row.getBoolean(3)) {
                found.add(last.key());
            }
            return true;
        }

        Page<InstanceSummary> page() throws SQLException {
            return new Page<>(summaries(found), more ? last.cursor() : null);
        }
    }

    /** A prefix that few ids have: all of them are looked at, and sorted. */
    private Page<InstanceSummary> byPrefix(String prefix) throws SQLException {
        Rest rest = rest(null);
        rest.and(CREATED_FITS, after.createdAt(), after.key(), from);
        List<@Nullable Object> values = new ArrayList<>(rest.values);
        Collections.addAll(values, prefix, afterPrefix(prefix));
        List<Place> places = new ArrayList<>();
        session.scan(
                BY_PREFIX.formatted(rest.text()),
                row -> {
                    if (row.getBoolean(3)) {
                        places.add(new Place(row.getLong(1), row.getLong(2)));
                    }
                    return true;
                },
                values.toArray());
        Collections.sort(places);
        boolean more = places.size() > limit;
        List<Place> shown = more ? places.subList(0, limit) : places;
        return new Page<>(
                summaries(shown.stream().map(Place::key).toList()),
                more ? shown.getLast().cursor() : null);
    }

    private List<InstanceSummary> summaries(List<Long> keys) throws SQLException {
        List<InstanceSummary> summaries = new ArrayList<>();
        for (long key : keys) {
            InstanceTable.byKey(session, key).map(Reads::summary).ifPresent(summaries::add);
        }
        return summaries;
    }

    private @Nullable String prefix() {
        String prefix = query.idPrefix();
        return prefix == null || prefix.isEmpty() ? null : prefix;
    }

    private Lead lead() throws SQLException {
        if (query.parent() != null) {
            return new Lead(Leader.PARENT, List.of(List.of(query.parent())));
        }
        if (!query.attributes().isEmpty()) {
            Map.Entry<String, String> first = new TreeMap<>(query.attributes()).firstEntry();
            return new Lead(Leader.ATTRIBUTE, List.of(List.of(first.getKey(), first.getValue())));
        }
        if (query.troubledOnly()) {
            return new Lead(Leader.TROUBLED, List.of(List.of()));
        }
        if (query.orchestration() != null || query.version() != null) {
            List<List<String>> places = definitions(session, query.orchestration()).stream()
                    .filter(its -> query.version() == null || query.version().equals(its.version()))
                    .filter(its -> query.statuses().isEmpty() || statuses().contains(its.status()))
                    .map(its -> List.of(its.orchestration(), its.version(), its.status()))
                    .toList();
            if (places.size() <= MAX_PLACES) {
                return new Lead(Leader.DEFINITION, places);
            }
        }
        if (!query.statuses().isEmpty()) {
            return new Lead(
                    Leader.STATUS, statuses().stream().sorted().map(List::of).toList());
        }
        return new Lead(Leader.CREATED, List.of(List.of()));
    }

    private Set<String> statuses() {
        return query.statuses().stream().map(Status::label).collect(Collectors.toSet());
    }

    /** Everything that is asked for and that this index does not decide; null stands for the one of ids. */
    private Rest rest(@Nullable Leader leader) {
        Rest rest = new Rest();
        if (!query.statuses().isEmpty() && leader != Leader.STATUS && leader != Leader.DEFINITION) {
            rest.and(STATUS_FITS, statuses().stream().sorted().collect(Collectors.joining("|", "|", "|")));
        }
        if (query.orchestration() != null && leader != Leader.DEFINITION) {
            rest.and(ORCHESTRATION_FITS, query.orchestration());
        }
        if (query.version() != null && leader != Leader.DEFINITION) {
            rest.and(VERSION_FITS, query.version());
        }
        String prefix = prefix();
        if (prefix != null && leader != null) {
            rest.and(ID_FITS, prefix, afterPrefix(prefix));
        }
        if (query.parent() != null && leader != Leader.PARENT) {
            rest.and(PARENT_FITS, query.parent());
        }
        if (query.rootsOnly()) {
            rest.and(IS_ROOT);
        }
        if (query.troubledOnly() && leader != Leader.TROUBLED) {
            rest.and(IS_TROUBLED);
        }
        if (query.finishedBefore() != null) {
            rest.and(FINISHED_FITS, millis(query.finishedBefore()));
        }
        new TreeMap<>(query.attributes())
                .entrySet().stream()
                        .skip(leader == Leader.ATTRIBUTE ? 1 : 0)
                        .forEach(attribute -> rest.and(HAS_ATTRIBUTE, attribute.getKey(), attribute.getValue()));
        return rest;
    }

    /**
     * The distinct definitions that have instances, of one orchestration or of all, in order. Each is found by one look into
     * the index: a comparison of all three columns at once would read every row that is equal to the last.
     */
    private static List<Definition> definitions(Session session, @Nullable String orchestration) throws SQLException {
        List<Definition> definitions = new ArrayList<>();
        if (orchestration != null) {
            addVersions(session, orchestration, definitions);
            return definitions;
        }
        String name = next(session, NEXT_ORCHESTRATION, "");
        while (name != null) {
            addVersions(session, name, definitions);
            name = next(session, NEXT_ORCHESTRATION, name);
        }
        return definitions;
    }

    private static void addVersions(Session session, String orchestration, List<Definition> definitions)
            throws SQLException {
        String version = next(session, FIRST_VERSION, orchestration);
        while (version != null) {
            String status = next(session, NEXT_STATUS, orchestration, version, "");
            while (status != null) {
                definitions.add(new Definition(orchestration, version, status));
                status = next(session, NEXT_STATUS, orchestration, version, status);
            }
            version = next(session, NEXT_VERSION, orchestration, version);
        }
    }

    private static @Nullable String next(Session session, String text, Object... after) throws SQLException {
        return session.first(text, row -> row.getString(1), after).orElse(null);
    }
}
