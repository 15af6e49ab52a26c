package io.hyperactor.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in columns as wide as their widest cell, two blanks apart.
final class Table {
    /// Where a column's cells stand.
    enum Align {
        LEFT,
        RIGHT
    }

    /// A column.
    record Column(String title, Align align) {
        static Column left(String title) {
            return new Column(title, Align.LEFT);
        }

        static Column right(String title) {
            return new Column(title, Align.RIGHT);
        }
    }

    private final List<Column> columns;
    private final int[] widths;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
        widths = new int[columns.size()];
        List<String> titles = new ArrayList<>();
        for (Column column : this.columns) {
            titles.add(column.title());
        }
        row(titles);
    }

    /// Adds a row; `cells` are as many as there are columns.
    void row(List<String> cells) {
        widen(cells);
        rows.add(List.copyOf(cells));
    }

    /// The titles and the rows, without blanks at the ends of lines.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row));
        }
        return lines;
    }

    /// A row that is not kept, in columns as wide as is known so far: for one who cannot wait for
    /// what comes later.
    String next(List<String> cells) {
        widen(cells);
        return line(cells);
    }

    private void widen(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells, " + columns.size() + " columns");
        }
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private String line(List<String> row) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            String padding = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : "  ");
            line.append(columns.get(i).align() == Align.LEFT ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }
}
