package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Incremental.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the time that a run asks for into windows, each of which is read by tasks of its own. The windows follow one
 * another without a gap, also where the clocks of a zone change, and the last one ends now.
 *
 * @param state of the stream; empty when the run does not go on from it
 */
record CutWindows(Windows how, JsonObject state, Options options, Scope scope) {

    /** Most windows of a run: each is a task. */
    private static final int MOST = TaskResult.MAX_FOLLOW_UPS - 1;

    /** The windows, the earliest first; none when the time has not come. */
    List<Watermark> windows(String domain, String stream) throws TaskFailure, ExpressionFailure {
        var windows = new ArrayList<Watermark>();
        Instant end = end();
        ZonedDateTime from = begin().atZone(how.zone());
        while (!from.toInstant().isAfter(end)) {
            ZonedDateTime next = how.step() == null ? end.atZone(how.zone()) : after(from, how.step());
            boolean isLast = !next.toInstant().isBefore(end);
            Instant until = isLast ? end : next.toInstant().minus(how.granularity());
            windows.add(new Watermark(from.toInstant().toString(), until.toString(), List.of()));
            if (isLast) {
                break;
            }
            if (windows.size() >= MOST) {
                throw new TaskFailure.Permanent(
                        domain + ".tooManyPages",
                        "The time that " + stream + " asks for has more than " + MOST
                                + " windows: raise step, or begin later.",
                        null);
            }
            from = next;
        }
        return windows;
    }

    /** A day of a zone may have 23 or 25 hours. */
    private static ZonedDateTime after(ZonedDateTime time, Duration step) {
        return step.equals(Duration.ofDays(step.toDays())) ? time.plusDays(step.toDays()) : time.plus(step);
    }

    private Instant begin() throws ExpressionFailure {
        Instant begin = earliest();
        return how.format() == Incremental.TimeFormat.DATE
                ? begin.atZone(how.zone())
                        .toLocalDate()
                        .atStartOfDay(how.zone())
                        .toInstant()
                : begin;
    }

    private Instant earliest() throws ExpressionFailure {
        if (options.startDate() != null) {
            return options.startDate();
        }
        if (state.text("since").isPresent()) {
            return Instant.parse(state.requireText("since")).minus(how.lookback());
        }
        if (options.firstSince() != null) {
            return options.firstSince();
        }
        Expression start = how.start();
        Object time = start == null ? null : start.of(null, scope);
        if (start != null && time != null) {
            return Values.time(time).orElseThrow(() -> start.failed("its result is no time"));
        }
        return scope.clock().instant().minus(how.firstWindow());
    }

    private Instant end() {
        return options.endDate() == null ? scope.clock().instant() : options.endDate();
    }

    /** The state after a run of all windows. */
    JsonObject reached() {
        return JsonObject.of("since", end().toString());
    }
}
