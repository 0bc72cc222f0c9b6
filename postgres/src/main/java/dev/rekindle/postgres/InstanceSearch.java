package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.ProviderErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One page of the instances that a query asks for. It looks at instances in the order of the list, along the index that
 * leads to the fewest, and asks of each whether it fits. The texts of its statements are put together from the fragments
 * here and nothing else; what the query says is bound.
 */
final class InstanceSearch {
    /** A page looks at so many instances at most. */
    static final int LOOKED_AT = 5_000;

    private static final int FIRST_LOOK = 200;

    /** With more versions than these, and so more places of the index to look at, another index is better. */
    private static final int MOST_DEFINITIONS = 500;

    /** One look reads so many rows of the index, those of all its places together. */
    private static final int ROWS_PER_LOOK = 40_000;

    /** The order of lists: the last comes first. In each place that is looked at there are parameters for begin and end. */
    private static final String IN_PLACE = """
        (y.created_at, y.key) < (?, ?) AND y.created_at >= ? ORDER BY y.created_at DESC, y.key DESC LIMIT ?\
        """;

    private static final String BY_STATUS = """
        SELECT x.key, x.created_at FROM unnest(?::text[]) AS t (status), LATERAL (
          SELECT y.key, y.created_at FROM rekindle.instance AS y
          WHERE y.status = t.status AND %s) AS x
        ORDER BY x.created_at DESC, x.key DESC LIMIT ?\
        """.formatted(IN_PLACE);

    private static final String BY_DEFINITION = """
        SELECT x.key, x.created_at FROM unnest(?::text[], ?::text[], ?::text[]) AS t (orchestration, version, status),
          LATERAL (
            SELECT y.key, y.created_at FROM rekindle.instance AS y
            WHERE y.orchestration = t.orchestration AND y.version = t.version AND y.status = t.status AND %s) AS x
        ORDER BY x.created_at DESC, x.key DESC LIMIT ?\
        """.formatted(IN_PLACE);

    private static final String BY_TROUBLE = """
        SELECT y.key, y.created_at FROM rekindle.instance AS y WHERE y.problem IS NOT NULL AND %s\
        """.formatted(IN_PLACE);

    private static final String BY_PARENT = """
        SELECT y.key, y.created_at FROM rekindle.instance AS y WHERE y.parent_instance = ? AND %s\
        """.formatted(IN_PLACE);

    private static final String BY_ATTRIBUTE = """
        SELECT y.instance AS key, y.created_at FROM rekindle.attribute AS y WHERE y.name = ? AND y.value = ? AND %s\
        """.formatted(IN_PLACE.replace("y.key", "y.instance"));

    private static final String BY_ID = """
        SELECT y.key, y.created_at FROM (
          SELECT z.key, z.created_at FROM rekindle.instance AS z WHERE z.id >= ? AND z.id < ? ORDER BY z.id LIMIT %d) AS y
        WHERE %s\
        """.formatted(LOOKED_AT, IN_PLACE);

    private static final String COUNT_IDS = """
        SELECT count(*) FROM (
          SELECT FROM rekindle.instance AS z WHERE z.id >= ? AND z.id < ? ORDER BY z.id LIMIT ?) AS y\
        """;

    /** What was looked at, in order, and whether it fits. Each by its key: the bound keeps the server from another way. */
    private static final String LOOK = """
        SELECT s.key, s.created_at, f.fits
        FROM (%s) AS s, LATERAL (
          SELECT i.status = ANY (COALESCE(?::text[], ARRAY[i.status])) AND i.orchestration = COALESCE(?::text, i.orchestration)
            AND i.version = COALESCE(?::text, i.version) AND starts_with(i.id, COALESCE(?::text, ''))
            AND i.parent_instance IS NOT DISTINCT FROM COALESCE(?::text, i.parent_instance) AND (i.parent_instance IS NULL OR NOT ?::boolean)
            AND (i.problem IS NOT NULL OR NOT ?::boolean)
            AND (?::timestamptz IS NULL OR i.finished_at < ?::timestamptz)
            AND COALESCE(i.attributes, '{}') @> jsonb_object(?::text[], ?::text[]) AS fits
          FROM rekindle.instance AS i WHERE i.key = s.key LIMIT 1) AS f
        ORDER BY s.created_at DESC, s.key DESC\
        """;

    private static final String VERSIONS = """
        WITH RECURSIVE v (version) AS (
          SELECT min(i.version) FROM rekindle.instance AS i WHERE i.orchestration = ?
          UNION ALL
          SELECT (SELECT min(i.version) FROM rekindle.instance AS i WHERE i.orchestration = ? AND i.version > v.version)
          FROM v WHERE v.version IS NOT NULL
        )
        SELECT version FROM v WHERE version IS NOT NULL LIMIT ?\
        """;

    private static final String ORCHESTRATIONS = """
        WITH RECURSIVE o (orchestration) AS (
          SELECT min(i.orchestration) FROM rekindle.instance AS i
          UNION ALL
          SELECT (SELECT min(i.orchestration) FROM rekindle.instance AS i WHERE i.orchestration > o.orchestration)
          FROM o WHERE o.orchestration IS NOT NULL
        )
        SELECT orchestration FROM o WHERE orchestration IS NOT NULL LIMIT ?\
        """;

    private static final Pattern CURSOR = Pattern.compile("i(-?\\d{1,18})\\.(\\d{1,18})");
    private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);

    private final Session session;
    private final InstanceQuery query;
    private final PageRequest request;

    private InstanceSearch(Session session, InstanceQuery query, PageRequest request) {
        this.session = session;
        this.query = query;
        this.request = request;
    }

    /** One page. The session is in a transaction that sees one moment. */
    static Page<InstanceSummary> page(Session session, InstanceQuery query, PageRequest request) throws SQLException {
        return new InstanceSearch(session, query, request).page();
    }

    /** A place in the order of lists. */
    private record Position(Instant createdAt, long key) {
        /** Before the first page. */
        static final Position BEGIN = new Position(Instant.MAX, Long.MAX_VALUE);

        static Position parse(String cursor) {
            Matcher parts = CURSOR.matcher(cursor);
            if (!parts.matches()) {
                throw ProviderErrors.badCursor(cursor);
            }
            try {
                Instant time = Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS);
                return new Position(time, Long.parseLong(parts.group(2)));
            } catch (DateTimeException e) {
                throw ProviderErrors.badCursor(cursor);
            }
        }

        String cursor() {
            return "i%d.%d".formatted(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt), key);
        }
    }

    /** An instance that was looked at. */
    private record Looked(Position position, boolean fits) {
        static Looked read(ResultSet row) throws SQLException {
            return new Looked(new Position(Session.instant(row, 2), row.getLong(1)), row.getBoolean(3));
        }
    }

    /**
     * Where to look.
     *
     * @param sql which index leads there
     * @param values what to look for in it
     * @param places in how many places of it; each has parameters for begin and end, and all together one for how many
     * @param exact whether all that is there fits
     */
    private record Source(String sql, List<Object> values, int places, boolean exact) {
        Source(String sql, Object... values) {
            this(sql, List.of(values), 1, false);
        }
    }

    private Page<InstanceSummary> page() throws SQLException {
        Position from = begin();
        Source source = source();
        List<Position> found = new ArrayList<>();
        int looked = 0;
        boolean more = source.places() > 0;
        while (more && looked < LOOKED_AT && found.size() <= request.limit()) {
            int size = size(source, looked);
            List<Looked> rows = look(source, from, size);
            rows.stream().filter(Looked::fits).map(Looked::position).forEach(found::add);
            looked += rows.size();
            more = rows.size() == size;
            from = rows.isEmpty() ? from : rows.getLast().position();
        }
        if (found.size() > request.limit()) {
            List<Position> shown = found.subList(0, request.limit());
            return new Page<>(summaries(shown), shown.getLast().cursor());
        }
        return new Page<>(summaries(found), more ? from.cursor() : null);
    }

    private Position begin() {
        String cursor = request.cursor();
        Position after = cursor == null ? Position.BEGIN : Position.parse(cursor);
        Instant before = query.createdBefore();
        return before == null || before.isAfter(after.createdAt()) ? after : new Position(before, Long.MIN_VALUE);
    }

    /** How many to look at next: as many as the page takes if all of them fit, otherwise more each time. */
    private int size(Source source, int looked) {
        int enough = request.limit() + 1;
        int wanted = source.exact() ? enough : Math.max(Math.max(FIRST_LOOK, enough), 4 * looked);
        int bearable = Math.max(enough, ROWS_PER_LOOK / source.places());
        return Math.min(Math.min(wanted, bearable), LOOKED_AT - looked);
    }

    private List<Looked> look(Source source, Position from, int size) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(source.values());
        values.addAll(Arrays.asList(from.createdAt(), from.key(), earliest(), size));
        if (source.sql().equals(BY_STATUS) || source.sql().equals(BY_DEFINITION)) {
            values.add(size);
        }
        values.addAll(fit());
        return session.list(LOOK.formatted(source.sql()), Looked::read, values.toArray());
    }

    private Instant earliest() {
        Instant from = query.createdFrom();
        return from == null ? Instant.MIN : from;
    }

    /** The parameters of {@link #LOOK} behind those of the source. */
    private List<@Nullable Object> fit() {
        Map<String, String> attributes = query.attributes();
        return Arrays.asList(
                query.statuses().isEmpty() ? null : labels(),
                query.orchestration(),
                query.version(),
                query.idPrefix(),
                query.parent(),
                query.rootsOnly(),
                query.troubledOnly(),
                query.finishedBefore(),
                query.finishedBefore(),
                attributes.keySet().toArray(String[]::new),
                attributes.values().toArray(String[]::new));
    }

    private String[] labels() {
        return (query.statuses().isEmpty() ? Arrays.asList(Status.values()) : query.statuses())
                .stream().map(Status::label).toArray(String[]::new);
    }

    // ---- where to look

    private Source source() throws SQLException {
        String prefix = query.idPrefix();
        if (prefix != null && !prefix.isEmpty()) {
            String end = end(prefix);
            long ids = session.first(COUNT_IDS, row -> row.getLong(1), prefix, end, LOOKED_AT + 1)
                    .orElseThrow();
            if (ids <= LOOKED_AT) {
                return new Source(BY_ID, prefix, end);
            }
        }
        String parent = query.parent();
        if (parent != null) {
            return new Source(BY_PARENT, parent);
        }
        if (!query.attributes().isEmpty()) {
            Map.Entry<String, String> one =
                    query.attributes().entrySet().iterator().next();
            return new Source(BY_ATTRIBUTE, one.getKey(), one.getValue());
        }
        if (query.troubledOnly()) {
            return new Source(BY_TROUBLE);
        }
        boolean exact = prefix == null && !query.rootsOnly() && query.finishedBefore() == null;
        if (query.orchestration() != null || query.version() != null) {
            List<String[]> definitions = definitions();
            if (definitions.size() <= MOST_DEFINITIONS) {
                return byDefinition(definitions, exact);
            }
        }
        boolean any = query.orchestration() == null && query.version() == null;
        return new Source(BY_STATUS, List.of((Object) labels()), labels().length, exact && any);
    }

    private Source byDefinition(List<String[]> definitions, boolean exact) {
        List<String> orchestrations = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        List<String> statuses = new ArrayList<>();
        for (String[] definition : definitions) {
            for (String status : labels()) {
                orchestrations.add(definition[0]);
                versions.add(definition[1]);
                statuses.add(status);
            }
        }
        return new Source(
                BY_DEFINITION,
                List.of(
                        orchestrations.toArray(String[]::new),
                        versions.toArray(String[]::new),
                        statuses.toArray(String[]::new)),
                statuses.size(),
                exact);
    }

    /** The orchestrations and versions that fit; what the query leaves open is filled in from what there is. */
    private List<String[]> definitions() throws SQLException {
        String orchestration = query.orchestration();
        String version = query.version();
        int most = MOST_DEFINITIONS + 1;
        if (orchestration != null && version != null) {
            return List.<String[]>of(new String[] {orchestration, version});
        }
        return orchestration != null
                ? session.list(
                        VERSIONS,
                        row -> new String[] {orchestration, row.getString(1)},
                        orchestration,
                        orchestration,
                        most)
                : session.list(ORCHESTRATIONS, row -> new String[] {row.getString(1), String.valueOf(version)}, most);
    }

    /** The first text behind all that begin so, in the order of code points. */
    private static String end(String prefix) {
        int[] points = prefix.codePoints().toArray();
        int last = points.length - 1;
        while (last >= 0 && points[last] == Character.MAX_CODE_POINT) {
            last--;
        }
        if (last < 0) {
            return prefix + LAST_CHARACTER.repeat(prefix.length());
        }
        points[last] = points[last] == Character.MIN_SURROGATE - 1 ? Character.MAX_SURROGATE + 1 : points[last] + 1;
        return new String(points, 0, last + 1);
    }

    // ---- what is shown

    private List<InstanceSummary> summaries(List<Position> positions) throws SQLException {
        return positions.isEmpty()
                ? List.of()
                : session.list(SummaryRow.BY_KEYS, SummaryRow::read, (Object)
                        positions.stream().map(Position::key).toArray(Long[]::new));
    }
}
