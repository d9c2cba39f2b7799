package io.tributary.integrations.declarative;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How a stream requests only new records. Its position is under the stream's name in the sync state. */
sealed interface Incremental {

    /** It does not: everything is read each time. */
    record None() implements Incremental {}

    /**
     * By time: {@code $since} is the latest time that was seen, less {@code overlap}. Records that come again are known
     * by id and time.
     *
     * @param value applied to a record
     * @param skipsOlder whether older records come as well, which are known: the provider cannot leave them out
     */
    record Since(Expression value, TimeFormat format, Duration overlap, boolean skipsOlder) implements Incremental {}

    /**
     * By time, in windows of a length that the provider accepts: {@code $since} and {@code $until}. A run asks for all
     * that has passed since the last one, whatever the records say; so records that are restated come again.
     *
     * @param step longest window; null: one window for all
     * @param granularity how much earlier than the next window a window ends, where the provider takes both bounds as
     *     included; zero: it does not include the end
     * @param lookback how much is asked for again
     * @param start of an account without a state, when the sync type has no first window; null: {@code firstWindow}
     * @param firstWindow how far back it begins otherwise
     * @param zone of days
     */
    record Windows(
            @Nullable Duration step,
            Duration granularity,
            Duration lookback,
            @Nullable Expression start,
            Duration firstWindow,
            TimeFormat format,
            ZoneId zone)
            implements Incremental {}

    /**
     * By an id that grows: {@code $after} is the highest that was seen.
     *
     * @param skipsOlder whether lower ids come as well, which are known: the provider cannot leave them out
     */
    record AfterId(Expression value, boolean skipsOlder) implements Incremental {}

    /**
     * By what the provider hands out for the next sync: {@code $cursor}.
     *
     * @param next applied to the body
     * @param expired when the provider does not know it any more; null: never
     */
    record Stored(Expression next, Definition.@Nullable Condition expired) implements Incremental {}

    /**
     * Records that were seen are known the next time. A list with the newest first is read until a page has nothing
     * new.
     *
     * @param version applied to a record: one whose version is another is new; null: records do not change
     * @param remember how many records of the top are known the next time
     * @param stops whether the list ends at a page with nothing new; otherwise all of it is read, and what is known is
     *     left out
     */
    record Known(@Nullable Expression version, int remember, boolean stops) implements Incremental {}

    /** How a time is sent. */
    enum TimeFormat {
        ISO,
        SECONDS,
        MILLIS,
        DATE;

        /** The time that is asked for when this one is sent: some forms say less. */
        Instant floor(Instant time) {
            return switch (this) {
                case ISO -> time;
                case SECONDS -> time.truncatedTo(ChronoUnit.SECONDS);
                case MILLIS -> time.truncatedTo(ChronoUnit.MILLIS);
                case DATE -> time.truncatedTo(ChronoUnit.DAYS);
            };
        }

        Object of(Instant time) {
            return of(time, ZoneOffset.UTC);
        }

        /** @param zone of dates */
        Object of(Instant time, ZoneId zone) {
            return switch (this) {
                case ISO -> time.toString();
                case SECONDS -> time.getEpochSecond();
                case MILLIS -> time.toEpochMilli();
                case DATE -> time.atZone(zone).toLocalDate().toString();
            };
        }
    }

    /** What expressions call the value that a run begins from; null: they have none. */
    default @Nullable String variable() {
        return switch (this) {
            case Since it -> "since";
            case Windows it -> "since";
            case AfterId it -> "after";
            case Stored it -> "cursor";
            case None it -> null;
            case Known it -> null;
        };
    }
}
