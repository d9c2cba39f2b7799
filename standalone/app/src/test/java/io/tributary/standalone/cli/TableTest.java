package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsColumnsThatDoNotNeedAllRoom() {
        var table = new Table(0, "name", "bytes");
        table.row("春", "12");
        table.row("winter", "3");
        assertThat(printed(table)).isEqualTo("""
                  name    bytes
                  春      12
                  winter  3
                """);
    }

    @Test
    void cutsTheFlexibleColumnToFitTheTerminal() {
        var table = new Table(1, "when", "what", "bytes");
        table.row("2026-03-02", "long ".repeat(40), "1234567");
        assertThat(printed(table).lines())
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(80));
        assertThat(printed(table)).contains("…").contains("1234567");
    }

    private static String printed(Table table) {
        var bytes = new ByteArrayOutputStream();
        table.print(Terminal.plain(new PrintStream(bytes, true, StandardCharsets.UTF_8)));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
