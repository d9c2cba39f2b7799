package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOptionsTest {

    @Test
    void writesTimesAsInstantsAndLeavesOutWhatWasNotGiven() {
        assertThat(json("2026-04-01", "2026-04-02T01:30:00+02:00", true))
                .isEqualTo(
                        "{\"startDate\":\"2026-04-01T00:00:00Z\",\"endDate\":\"2026-04-01T23:30:00Z\",\"force\":true}");
        assertThat(json(null, null, null)).isEqualTo("{}");
        assertThat(json(null, null, false)).isEqualTo("{}");
    }

    @Test
    void isABackfillWhenItHasARange() {
        assertThat(new RunOptions("2026-04-01", null, null).isBackfill()).isTrue();
        assertThat(new RunOptions(null, "2026-04-01", null).isBackfill()).isTrue();
        assertThat(new RunOptions(null, null, true).isBackfill()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-02-30",
                "2026-04-01T12:00:00",
                "2026-13-01T00:00:00Z",
                "+20260-04-01T00:00:00Z",
                "0000-01-01",
                "1775044800",
                "2026-04-0\0"
            })
    void refusesWhatIsNoDate(String text) {
        assertThat(check(text, null)).extracting(Violation::path).containsExactly("/options/startDate");
        assertThat(check(null, text)).extracting(Violation::path).containsExactly("/options/endDate");
    }

    @Test
    void refusesARangeThatEndsBeforeItStarts() {
        assertThat(check("2026-04-02", "2026-04-01"))
                .extracting(Violation::path)
                .containsExactly("/options/endDate");
        assertThat(check("2026-04-01", "2026-04-01")).hasSize(1);
    }

    private static String json(@Nullable String start, @Nullable String end, @Nullable Boolean force) {
        var violations = new Violations();
        String json = new RunOptions(start, end, force).toJson(violations);
        assertThat(violations.found()).isEmpty();
        return json;
    }

    private static List<Violation> check(@Nullable String start, @Nullable String end) {
        var violations = new Violations();
        new RunOptions(start, end, null).toJson(violations);
        return violations.found();
    }
}
