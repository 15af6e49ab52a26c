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
    private final List<List<String>> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(Column::title).toList());
    }

    /// Adds a row; `cells` are as many as there are columns.
    void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells, " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /// The titles and the rows, without blanks at the ends of lines.
    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            String padding = " ".repeat(width(i) - cell.length());
            line.append(i == 0 ? "" : "  ");
            line.append(columns.get(i).align() == Align.LEFT ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
