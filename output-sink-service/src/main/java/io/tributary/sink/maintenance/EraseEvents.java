package io.tributary.sink.maintenance;

import io.tributary.sink.postgres.Postgres;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Erases the events of deleted accounts, and their deliveries to webhooks. These tables have no index by account, which
 * would cost each event; so one round reads both tables for all accounts that were deleted since the last round, and
 * without such an account it reads nothing.
 *
 * @param every time between rounds
 * @param rows rows that one step reads, 1 to 10,000
 */
public record EraseEvents(Postgres postgres, Duration every, int rows) implements MaintenanceJob {

    private static final String BEGIN =
            "select now() where exists (select from erasure where erased_at is not null and events_erased_at is null)";

    private static final String ERASE = """
        with page as (select %2$s as key, %3$s as account from %1$s where %2$s > :after order by %2$s limit :rows),
        gone as (
          delete from %1$s where %2$s in (
            select key from page join erasure e on e.user_integration_id::text = page.account
             where e.erased_at is not null)
          returning 1)
        select (select count(*) from page) as rows, (select coalesce(max(key), 0) from page) as last,
               (select count(*) from gone) as erased\
        """;

    private static final String EVENTS = ERASE.formatted("event_outbox", "sequence", "user_integration_id::text");

    private static final String DELIVERIES = ERASE.formatted(
            "webhook_delivery", "id", "substring(body from '\"userIntegrationId\" *: *\"([0-9a-f-]{36})\"')");

    private static final String END =
            "update erasure set events_erased_at = now() where erased_at < ? and events_erased_at is null";

    @Override
    public String name() {
        return "erasure-events";
    }

    @Override
    public Step step(@Nullable String position) {
        return postgres.get(() -> position == null ? begin() : goOn(Place.parse(position)));
    }

    private Step begin() {
        return postgres.sql(BEGIN)
                .query(Instant.class)
                .optional()
                .map(now -> new Step(new Place(now, true, 0).toString(), 0))
                .orElseGet(() -> new Step(null, 0));
    }

    private Step goOn(Place place) {
        Erased erased = postgres.sql(place.events() ? EVENTS : DELIVERIES, new Page(place.after(), rows))
                .query(Erased.class)
                .single();
        if (erased.rows() == rows) {
            return new Step(new Place(place.begun(), place.events(), erased.last()).toString(), erased.erased());
        }
        if (place.events()) {
            return new Step(new Place(place.begun(), false, 0).toString(), erased.erased());
        }
        postgres.sql(END).param(Postgres.utc(place.begun())).update();
        return new Step(null, erased.erased());
    }

    private record Page(long after, int rows) {}

    private record Erased(long rows, long last, long erased) {}

    /**
     * The position of a round.
     *
     * @param begun accounts that were erased later wait for the next round
     * @param events whether the table of events is read, or else that of deliveries
     */
    private record Place(Instant begun, boolean events, long after) {

        static Place parse(String text) {
            String[] parts = text.split("/", -1);
            return new Place(Instant.parse(parts[0]), parts[1].equals("events"), Long.parseLong(parts[2]));
        }

        @Override
        public String toString() {
            return begun + "/" + (events ? "events" : "deliveries") + "/" + after;
        }
    }
}
