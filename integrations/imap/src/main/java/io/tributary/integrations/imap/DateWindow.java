package io.tributary.integrations.imap;

import io.tributary.integrations.api.Options;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The dates a run is bounded by. They are compared with INTERNALDATE, when the message arrived in the folder (RFC 9051,
 * section 2.3.3): unlike the Date header every message has it, and no sender chooses it.
 *
 * @param start inclusive; null: no bound
 * @param end exclusive; null: no bound
 */
record DateWindow(@Nullable Instant start, @Nullable Instant end) {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.US);

    static DateWindow of(Options options) {
        return new DateWindow(options.startDate(), options.endDate());
    }

    boolean isBounded() {
        return start != null || end != null;
    }

    /**
     * What to add to SEARCH. Servers compare days only, in a time zone of their choice (RFC 9051, section 6.4.4): a day
     * more on either side covers them all, and {@link #contains} then looks at the time.
     */
    String searchKeys() {
        return (start == null ? "" : " SINCE " + DATE.format(day(start).minusDays(1)))
                + (end == null ? "" : " BEFORE " + DATE.format(day(end).plusDays(2)));
    }

    /** Whether a message that arrived then is within; one whose time is not known is. */
    boolean contains(@Nullable Instant internalDate) {
        if (internalDate == null) {
            return true;
        }
        return (start == null || !internalDate.isBefore(start)) && (end == null || internalDate.isBefore(end));
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
