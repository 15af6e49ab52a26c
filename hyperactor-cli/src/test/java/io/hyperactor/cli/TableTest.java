package io.hyperactor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table =
                new Table(
                        List.of(
                                Table.Column.left("NAME"),
                                Table.Column.right("N"),
                                Table.Column.left("END")));
        table.row(List.of("a", "1", "x"));
        table.row(List.of("longer", "1234", ""));
        assertThat(table.lines())
                .containsExactly(
                        "NAME       N  END", //
                        "a          1  x",
                        "longer  1234");
    }

    @Test
    void withoutRowsItHasItsTitles() {
        assertThat(new Table(List.of(Table.Column.left("A"), Table.Column.right("B"))).lines())
                .containsExactly("A  B");
    }

    @Test
    void whatCannotWaitForTheRestIsAsWideAsWhatCameBefore() {
        var table = new Table(List.of(Table.Column.left("A"), Table.Column.right("B")));
        assertThat(table.next(List.of("1", "2"))).isEqualTo("1  2");
        assertThat(table.next(List.of("123", "456"))).isEqualTo("123  456");
        assertThat(table.next(List.of("1", "2"))).isEqualTo("1      2");
        assertThat(table.lines()).containsExactly("A      B");
    }

    @Test
    void aRowHasACellForEachColumn() {
        var table = new Table(List.of(Table.Column.left("A")));
        assertThatThrownBy(() -> table.row(List.of("1", "2")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
