package io.tributary.integrations.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Options of a run.
 *
 * @param startDate only items from then on, inclusive; null: no bound
 * @param endDate only items before then, exclusive; null: no bound
 * @param force read everything again, whatever the sync state says
 * @param firstSince only items from then on, inclusive, since this is a first sync whose manifest says how far it goes
 *     back ({@link Manifest.SyncType#firstWindow}); the run saves its state as any other. Null: no bound, as in a run
 *     with one of the other options
 */
public record Options(
        @Nullable Instant startDate,
        @Nullable Instant endDate,
        boolean force,
        @Nullable Instant firstSince) {

    /** No options: everything new. */
    public static final Options NONE = new Options(null, null, false);

    /** Options of a run that is not bounded by its first window. */
    public Options(@Nullable Instant startDate, @Nullable Instant endDate, boolean force) {
        this(startDate, endDate, force, null);
    }

    /** The options of a first sync. */
    public static Options firstSync(Instant since) {
        return new Options(null, null, false, since);
    }

    public Options {
        if (startDate != null && endDate != null && !startDate.isBefore(endDate)) {
            throw new IllegalArgumentException("startDate " + startDate + " is not before endDate " + endDate);
        }
    }

    /** Whether the run is for a range of dates. */
    public boolean isBounded() {
        return startDate != null || endDate != null;
    }

    /** The earliest time of the items to sync: the start date, or the start of the first window; null: no bound. */
    public @Nullable Instant from() {
        return startDate == null ? firstSince : startDate;
    }

    /** Whether an item of that time is in the range; an item of unknown time (null) is. */
    public boolean includes(@Nullable Instant time) {
        Instant from = from();
        return time == null || ((from == null || !time.isBefore(from)) && (endDate == null || time.isBefore(endDate)));
    }
}
