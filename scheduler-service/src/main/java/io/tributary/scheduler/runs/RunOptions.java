package io.tributary.scheduler.runs;

import io.tributary.scheduler.http.Violations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Options of a run.
 *
 * @param startDate only items from then on, inclusive: an RFC 3339 date (its start, UTC) or date-time; default no bound
 * @param endDate only items before then, exclusive: the same; default no bound
 * @param force read everything again, whatever the sync state says; default false
 */
public record RunOptions(
        @Nullable String startDate,
        @Nullable String endDate,
        @Nullable Boolean force) {

    /** No options. */
    public static final RunOptions NONE = new RunOptions(null, null, null);

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A run over a range is concurrent with the live one. */
    boolean isBackfill() {
        return startDate != null || endDate != null;
    }

    /** The options in the task: times as instants, without missing options. */
    public String toJson(Violations violations) {
        Instant start = parse(startDate, "/options/startDate", violations);
        Instant end = parse(endDate, "/options/endDate", violations);
        violations.check(
                start == null || end == null || start.isBefore(end), "/options/endDate", "must be after startDate");
        ObjectNode json = JSON.createObjectNode();
        if (start != null) {
            json.put("startDate", start.toString());
        }
        if (end != null) {
            json.put("endDate", end.toString());
        }
        if (Boolean.TRUE.equals(force)) {
            json.put("force", true);
        }
        return json.toString();
    }

    private static @Nullable Instant parse(@Nullable String text, String path, Violations violations) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = text.length() == "2026-04-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            int year = time.atZone(ZoneOffset.UTC).getYear();
            if (year >= 1 && year <= 9999) {
                return time;
            }
        } catch (DateTimeParseException _) {
            // reported below
        }
        violations.add(path, "must be an RFC 3339 date or date-time such as 2026-04-01 or 2026-04-01T12:00:00Z");
        return null;
    }
}
