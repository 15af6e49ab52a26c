package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table =
                new Table(
                        Table.Column.left("NAME"),
                        Table.Column.right("N"),
                        Table.Column.left("END"));
        table.row("a", "1", "x");
        table.row("longer", "1234", "");
        assertThat(table.lines())
                .containsExactly(
                        "NAME       N  END", //
                        "a          1  x",
                        "longer  1234");
    }

    @Test
    void withoutRowsItHasItsTitles() {
        assertThat(new Table(Table.Column.left("A"), Table.Column.right("B")).lines())
                .containsExactly("A  B");
    }

    @Test
    void aRowHasACellForEachColumn() {
        var table = new Table(Table.Column.left("A"));
        assertThatThrownBy(() -> table.row("1", "2")).isInstanceOf(IllegalArgumentException.class);
    }
}
