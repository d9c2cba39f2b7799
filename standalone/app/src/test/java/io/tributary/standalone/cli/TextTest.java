package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void countsColumnsAsATerminalDoes() {
        assertThat(Text.width("abc")).isEqualTo(3);
        assertThat(Text.width("春の")).isEqualTo(4);
        assertThat(Text.width("e\u0301")).isEqualTo(1);
        assertThat(Text.width("🚣")).isEqualTo(2);
    }

    @Test
    void fitsTextIntoItsColumns() {
        assertThat(Text.fit("abc", 5)).isEqualTo("abc  ");
        assertThat(Text.fit("abcdef", 5)).isEqualTo("abcd…");
        assertThat(Text.fit("春のレガ", 6)).isEqualTo("春の… ");
    }

    @Test
    void leavesNothingThatSteersTheTerminal() {
        assertThat(Text.printable("a\u001b[2Jb\r\n\u202ec\u009bd")).isEqualTo("a [2Jb  c d");
    }
}
