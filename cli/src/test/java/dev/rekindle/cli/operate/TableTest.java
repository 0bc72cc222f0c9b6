package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void lines_thatAreTooWide_cutTheWidestColumnsThatMayBe() {
        Table table = Table.of("ID~", "STATUS", "N>")
                .row(Words.of("a-rather-long-instance-id"), Words.of(Status.RUNNING), Words.number(12345));

        assertThat(table.lines(32, false))
                .containsExactly("ID               STATUS        N", "a-rather-long-…  Running  12,345");
    }

    @Test
    void lines_onColours_haveThemAroundTheTextOnly() {
        Table table = Table.of("STATUS", "N>").row(Words.of(Status.FAILED), Words.number(1));

        assertThat(table.lines(80, true)).last().isEqualTo("\033[31mFailed\033[0m  1");
    }

    @Test
    void columns_withoutText_areLeftOut() {
        Table table = Table.of("A", "B", "C").row(Words.of("1"), Words.NONE, Words.of("3"));

        assertThat(table.lines(80, false)).containsExactly("A  C", "1  3");
    }

    @Test
    void width_ofWideAndCombiningCharacters_isThatOfTheTerminal() {
        assertThat(Columns.width("日本")).isEqualTo(4);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.cut("日本語です", 6)).isEqualTo("日本…");
    }
}
