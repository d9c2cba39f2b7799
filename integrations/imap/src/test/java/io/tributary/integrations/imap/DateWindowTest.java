package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Options;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DateWindowTest {

    private static final Instant START = Instant.parse("2026-02-01T23:00:00Z");
    private static final Instant END = Instant.parse("2026-02-28T01:00:00Z");

    @Test
    void searchesADayMoreOnEitherSide() {
        assertThat(new DateWindow(START, END).searchKeys()).isEqualTo(" SINCE 31-Jan-2026 BEFORE 2-Mar-2026");
        assertThat(new DateWindow(null, END).searchKeys()).isEqualTo(" BEFORE 2-Mar-2026");
        assertThat(DateWindow.of(Options.NONE).searchKeys()).isEmpty();
    }

    @Test
    void containsItsStartAndNotItsEnd() {
        var window = new DateWindow(START, END);

        assertThat(window.contains(START)).isTrue();
        assertThat(window.contains(START.minusMillis(1))).isFalse();
        assertThat(window.contains(END)).isFalse();
        assertThat(window.contains(END.minusMillis(1))).isTrue();
        assertThat(window.contains(null)).isTrue();
    }

    @Test
    void isBoundedByEitherDate() {
        assertThat(new DateWindow(START, null).isBounded()).isTrue();
        assertThat(new DateWindow(null, END).isBounded()).isTrue();
        assertThat(DateWindow.of(Options.NONE).isBounded()).isFalse();
    }
}
