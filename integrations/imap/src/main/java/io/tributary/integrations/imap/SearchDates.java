package io.tributary.integrations.imap;

import io.tributary.integrations.api.Options;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Bounds a search by the dates of a run. They are compared with INTERNALDATE, when the message arrived in the folder
 * (RFC 9051, section 2.3.3): unlike the Date header every message has it, and no sender chooses it.
 */
final class SearchDates {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.US);

    private SearchDates() {}

    /**
     * The keys to add to SEARCH. Servers compare days only, in a time zone of their choice (RFC 9051, section 6.4.4): a
     * day more on either side covers them all, and {@link Options#includes} then looks at the time.
     */
    static String keys(Options options) {
        Instant start = options.startDate();
        Instant end = options.endDate();
        return (start == null ? "" : " SINCE " + DATE.format(day(start).minusDays(1)))
                + (end == null ? "" : " BEFORE " + DATE.format(day(end).plusDays(2)));
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
