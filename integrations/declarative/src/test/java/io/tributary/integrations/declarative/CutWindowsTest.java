package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Incremental.TimeFormat;
import io.tributary.integrations.declarative.Incremental.Windows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CutWindowsTest {

    private static final Instant NOW = Instant.parse("2026-04-10T10:30:00Z");

    @Test
    void beginsAtTheFirstWindowAndEndsNow() throws Exception {
        assertThat(cut(windows("36h", "0s", "0s", "4d"), Options.NONE, JsonObject.EMPTY))
                .containsExactly(
                        "2026-04-06T10:30:00Z 2026-04-07T22:30:00Z",
                        "2026-04-07T22:30:00Z 2026-04-09T10:30:00Z",
                        "2026-04-09T10:30:00Z 2026-04-10T10:30:00Z");
    }

    @Test
    void looksBackFromTheState() throws Exception {
        assertThat(cut(windows("", "0s", "2h", "4d"), Options.NONE, JsonObject.of("since", "2026-04-10T10:00:00Z")))
                .containsExactly("2026-04-10T08:00:00Z 2026-04-10T10:30:00Z");
    }

    @Test
    void endsBeforeTheNextWindowWhereBothEndsAreIncluded() throws Exception {
        Windows days = dates("1d", ZoneOffset.UTC);

        assertThat(cut(days, Options.NONE, JsonObject.of("since", "2026-04-08T23:00:00Z")))
                .containsExactly(
                        "2026-04-08T00:00:00Z 2026-04-08T00:00:00Z",
                        "2026-04-09T00:00:00Z 2026-04-09T00:00:00Z",
                        "2026-04-10T00:00:00Z 2026-04-10T10:30:00Z");
    }

    @Test
    void followsTheDaysOfAZoneWhoseClocksChange() throws Exception {
        ZoneId berlin = ZoneId.of("Europe/Berlin"); // On 29 March 2026, the day has 23 hours.
        var options =
                new Options(Instant.parse("2026-03-28T11:00:00Z"), Instant.parse("2026-03-30T12:00:00Z"), false, null);

        assertThat(cut(dates("1d", berlin), options, JsonObject.EMPTY))
                .extracting(window -> TimeFormat.DATE.of(Instant.parse(window.split(" ")[0]), berlin))
                .containsExactly("2026-03-28", "2026-03-29", "2026-03-30");
        assertThat(cut(dates("1d", berlin), options, JsonObject.EMPTY))
                .extracting(window -> window.split(" ")[0])
                .containsExactly("2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
    }

    @Test
    void asksForNothingBeforeItsTime() throws Exception {
        assertThat(cut(windows("1d", "0s", "0s", "4d"), Options.NONE, JsonObject.of("since", "2026-04-11T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void refusesMoreWindowsThanATaskCanStart() {
        assertThatThrownBy(() -> cut(windows("1s", "0s", "0s", "4d"), Options.NONE, JsonObject.EMPTY))
                .isInstanceOfSatisfying(
                        TaskFailure.Permanent.class,
                        failure -> assertThat(failure.reason()).contains("raise step"));
    }

    private static List<String> cut(Windows how, Options options, JsonObject state) throws Exception {
        var scope = new Scope(Map.of(), Clock.fixed(NOW, ZoneOffset.UTC));
        return new CutWindows(how, state, options, scope)
                .windows("shop", "figures").stream()
                        .map(window -> window.from() + " " + window.to())
                        .toList();
    }

    private static Windows windows(String step, String granularity, String lookback, String first) {
        return new Windows(
                length(step),
                Duration.parse("PT" + granularity.toUpperCase(java.util.Locale.ROOT)),
                Duration.parse("PT" + lookback.toUpperCase(java.util.Locale.ROOT)),
                null,
                Duration.ofDays(Long.parseLong(first.replace("d", ""))),
                TimeFormat.ISO,
                ZoneOffset.UTC);
    }

    private static @Nullable Duration length(String step) {
        return switch (step) {
            case "" -> null;
            case "1d" -> Duration.ofDays(1);
            case "1s" -> Duration.ofSeconds(1);
            default -> Duration.ofHours(36);
        };
    }

    private static Windows dates(String step, ZoneId zone) {
        return new Windows(
                length(step), Duration.ofDays(1), Duration.ZERO, null, Duration.ofDays(4), TimeFormat.DATE, zone);
    }
}
