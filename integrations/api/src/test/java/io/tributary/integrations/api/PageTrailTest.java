package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTrailTest {

    /** Reads pages that begin with {@code tail} others and then go in a circle; how many until it is noticed. */
    private static int pagesUntilNoticed(int tail, int circle) {
        PageTrail trail = PageTrail.START;
        for (int page = 0; ; page++) {
            int cursor = page < tail ? page : tail + (page - tail) % circle;
            // As it travels from task to task.
            Optional<PageTrail> next = PageTrail.of(trail.isStart() ? JsonObject.EMPTY : trail.toJson())
                    .then("cursor " + cursor);
            if (next.isEmpty()) {
                return page;
            }
            trail = next.get();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,2", "5,1", "7,3", "100,1", "1000,2", "3,16", "500,16"})
    void noticesAShortCircleBeforeAPageOfItIsRequestedTwice(int tail, int circle) {
        assertThat(pagesUntilNoticed(tail, circle)).isEqualTo(tail + circle);
    }

    @ParameterizedTest
    @CsvSource({"0,17", "1,40", "300,50", "5,1000"})
    void noticesALongCircle(int tail, int circle) {
        assertThat(pagesUntilNoticed(tail, circle)).isBetween(tail + circle, 3 * (tail + circle));
    }

    @Test
    void takesNoPageOfALongListForOneThatWasRead() {
        PageTrail trail = PageTrail.START;
        for (int page = 0; page < 10_000; page++) {
            trail = trail.then("cursor " + page).orElseThrow();
        }

        assertThat(trail.toJson().jsonBytes()).isLessThan(300);
    }
}
