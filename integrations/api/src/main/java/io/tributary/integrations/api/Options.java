package io.tributary.integrations.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked for beyond the usual.
 *
 * @param startDate only items from then on, inclusive; null: no bound
 * @param endDate only items before then, exclusive; null: no bound
 * @param force read everything again, whatever the sync state says
 */
public record Options(@Nullable Instant startDate, @Nullable Instant endDate, boolean force) {

    /** The usual: everything new. */
    public static final Options NONE = new Options(null, null, false);

    public Options {
        if (startDate != null && endDate != null && !startDate.isBefore(endDate)) {
            throw new IllegalArgumentException("startDate " + startDate + " is not before endDate " + endDate);
        }
    }
}
