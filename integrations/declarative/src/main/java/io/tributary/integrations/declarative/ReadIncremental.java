package io.tributary.integrations.declarative;

import io.tributary.integrations.declarative.Incremental.TimeFormat;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Compiles how a stream asks for new records only. */
record ReadIncremental(ReadRequests requests) {

    Incremental of(Section section) {
        return switch (section.text("type").orElse("none")) {
            case "since" ->
                new Incremental.Since(
                        section.expression("value"),
                        format(section),
                        section.duration("overlap", Duration.ZERO),
                        section.bool("skipOlder", false));
            case "windows" -> windows(section);
            case "afterId" -> new Incremental.AfterId(section.expression("value"), section.bool("skipOlder", false));
            case "cursor" ->
                new Incremental.Stored(
                        section.expression("next"),
                        section.has("expired") ? requests.condition(section.section("expired")) : null);
            case "stopAtKnown" -> known(section, true);
            case "leaveOutKnown" -> known(section, false);
            default -> new Incremental.None();
        };
    }

    private static Incremental.Known known(Section section, boolean stops) {
        return new Incremental.Known(
                section.optionalExpression("version"), section.integer("remember", Watermark.MOST_KEYS), stops);
    }

    private static Incremental.Windows windows(Section section) {
        Duration step = section.has("step") ? section.duration("step", Duration.ZERO) : null;
        Duration granularity = section.duration("granularity", Duration.ZERO);
        TimeFormat format = format(section);
        if (step != null && (step.isZero() || step.compareTo(granularity) < 0)) {
            section.report("step", "a window must be longer than 0s, and at least as long as granularity");
        }
        if (step != null && format == TimeFormat.DATE && !step.equals(Duration.ofDays(step.toDays()))) {
            section.report("step", "with format date, windows are whole days");
        }
        return new Incremental.Windows(
                step,
                granularity,
                section.duration("lookback", Duration.ZERO),
                section.optionalExpression("start"),
                section.duration("firstWindow", Duration.ZERO),
                format,
                zone(section));
    }

    private static ZoneId zone(Section section) {
        try {
            return section.text("zone").map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            section.report("zone", "there is no such time zone; they are called as Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }

    private static TimeFormat format(Section section) {
        return switch (section.text("format").orElse("iso")) {
            case "seconds" -> TimeFormat.SECONDS;
            case "millis" -> TimeFormat.MILLIS;
            case "date" -> TimeFormat.DATE;
            default -> TimeFormat.ISO;
        };
    }
}
