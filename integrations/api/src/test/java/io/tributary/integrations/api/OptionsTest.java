package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-02-28T00:00:00Z");

    @Test
    void includesTheStartAndNotTheEnd() {
        var options = new Options(START, END, false);

        assertThat(options.includes(START)).isTrue();
        assertThat(options.includes(START.minusMillis(1))).isFalse();
        assertThat(options.includes(END)).isFalse();
        assertThat(options.includes(END.minusMillis(1))).isTrue();
        assertThat(options.includes(null)).isTrue();
        assertThat(Options.NONE.includes(START)).isTrue();
    }

    @Test
    void areBoundedByEitherDate() {
        assertThat(new Options(START, null, false).isBounded()).isTrue();
        assertThat(new Options(null, END, false).isBounded()).isTrue();
        assertThat(Options.NONE.isBounded()).isFalse();
    }

    @Test
    void aFirstSyncIncludesWhatIsNotOlderThanItsWindowAndIsNotBounded() {
        Options first = Options.firstSync(START);

        assertThat(first.isBounded()).isFalse();
        assertThat(first.from()).isEqualTo(START);
        assertThat(first.includes(START)).isTrue();
        assertThat(first.includes(START.minusMillis(1))).isFalse();
        assertThat(first.includes(null)).isTrue();
    }
}
