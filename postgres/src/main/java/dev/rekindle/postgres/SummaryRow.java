package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.ParentLink;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of {@code instance} as lists show it. */
final class SummaryRow {
    /** The attributes come as an array of names and values in turn. */
    static final String COLUMNS = """
        i.id, i.run_id, i.orchestration, i.version, i.status, i.execution, i.parent_instance, i.parent_run,
          i.parent_execution, i.parent_scheduled, i.custom_status, i.problem, i.created_at, i.started_at, i.finished_at,
          ARRAY(SELECT unnest(ARRAY[a.key, a.value]) FROM jsonb_each_text(i.attributes) AS a)\
        """;

    /** The first column that a statement may add. */
    static final int NEXT_COLUMN = 17;

    static final String BY_ID = """
        SELECT %s FROM rekindle.instance AS i WHERE i.id = ?\
        """.formatted(COLUMNS);

    static final String BY_KEYS = """
        SELECT %s FROM rekindle.instance AS i WHERE i.key = ANY (?) ORDER BY i.created_at DESC, i.key DESC\
        """.formatted(COLUMNS);

    private SummaryRow() {}

    static InstanceSummary read(ResultSet row) throws SQLException {
        return new InstanceSummary(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Status.parse(row.getString(5)),
                row.getLong(6),
                parent(row),
                row.getString(11),
                row.getString(12),
                attributes(row.getArray(16)),
                Session.instant(row, 13),
                Session.nullableInstant(row, 14),
                Session.nullableInstant(row, 15));
    }

    private static @Nullable ParentLink parent(ResultSet row) throws SQLException {
        String parent = row.getString(7);
        return parent == null ? null : new ParentLink(parent, row.getString(8), row.getLong(9), row.getLong(10));
    }

    private static Map<String, String> attributes(Array pairs) throws SQLException {
        Map<String, String> attributes = new HashMap<>();
        if (pairs.getArray() instanceof String[] texts) {
            for (int i = 0; i + 1 < texts.length; i += 2) {
                attributes.put(texts[i], texts[i + 1]);
            }
        }
        return attributes;
    }
}
