package dev.rekindle.cli.operate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under titles, in columns that fit the width. Not thread-safe. */
final class Table {
    private static final String GAP = "  ";

    /** Columns are not made narrower than this to fit. */
    private static final int LEAST = 8;

    private final List<Column> columns;
    private final List<List<Words>> rows = new ArrayList<>();

    /**
     * One column.
     *
     * @param right whether it stands at the right side: numbers
     * @param shrinks whether it may be cut to make the table fit
     */
    record Column(String title, boolean right, boolean shrinks) {}

    private Table(List<Column> columns) {
        this.columns = columns;
    }

    /** A table with these titles; one that ends in {@code >} stands at the right, one that ends in {@code ~} may be cut. */
    static Table of(String... titles) {
        return new Table(Arrays.stream(titles)
                .map(title -> new Column(title.replaceFirst("[>~]$", ""), title.endsWith(">"), title.endsWith("~")))
                .toList());
    }

    /** Adds a row with a cell for each column. */
    Table row(Words... cells) {
        rows.add(List.of(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines of it; columns without any text are left out. */
    List<String> lines(int width, boolean colored) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            int widest =
                    rows.stream().mapToInt(row -> row.get(column).width()).max().orElse(0);
            widths[i] = widest == 0
                    ? 0
                    : Math.max(widest, Columns.width(columns.get(i).title()));
        }
        shrink(widths, width);
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(column -> Words.dim(column.title())).toList(), widths, colored));
        rows.forEach(row -> lines.add(line(row, widths, colored)));
        return lines;
    }

    private void shrink(int[] widths, int width) {
        while (total(widths) > width) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (columns.get(i).shrinks() && widths[i] > LEAST && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private static int total(int[] widths) {
        int shown = (int) Arrays.stream(widths).filter(width -> width > 0).count();
        return Arrays.stream(widths).sum() + GAP.length() * Math.max(0, shown - 1);
    }

    private String line(List<Words> cells, int[] widths, boolean colored) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == 0) {
                continue;
            }
            Words cell = cells.get(i).cut(widths[i]);
            String space = " ".repeat(widths[i] - cell.width());
            line.append(line.isEmpty() ? "" : GAP);
            line.append(columns.get(i).right() ? space + cell.shown(colored) : cell.shown(colored) + space);
        }
        return line.toString().stripTrailing();
    }
}
