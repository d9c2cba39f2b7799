package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Options;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SearchDatesTest {

    private static final Instant START = Instant.parse("2026-02-01T23:00:00Z");
    private static final Instant END = Instant.parse("2026-02-28T01:00:00Z");

    @Test
    void searchesADayMoreOnEitherSide() {
        assertThat(SearchDates.keys(new Options(START, END, false))).isEqualTo(" SINCE 31-Jan-2026 BEFORE 2-Mar-2026");
        assertThat(SearchDates.keys(new Options(null, END, false))).isEqualTo(" BEFORE 2-Mar-2026");
        assertThat(SearchDates.keys(Options.NONE)).isEmpty();
    }
}
