package io.tributary.sink.upkeep;

import io.tributary.sink.postgres.InTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Removes content past the retention of its user integration, and what somebody asked to purge: a batch of rows at a time,
 * in the order in which they came in.
 *
 * <p>A step holds the user integration as a sink does that writes its content: neither changes rows under the other. It
 * looks at a bounded number of rows, so a sync waits for it for milliseconds, and the pause between steps lets autovacuum
 * keep up: the room of purged rows is used again.
 */
public final class PurgeContent implements Upkeep {

    private static final String NEXT_USER_INTEGRATION = """
            select id, retention_days, purge_before from user_integration
             where (retention_days is not null or purge_before is not null) and id >= ?
             order by id limit 1""";

    /** Content may also go with its user integration, meanwhile: then there is nothing to hold, and nothing to do. */
    private static final String HOLD = "select id from user_integration where id = ? for no key update";

    private static final String PURGE = """
            with looked as (
              select id, coalesce(external_timestamp, created_at) as time, updated_at from user_integration_content
               where user_integration_id = :userIntegration and id > :after order by id limit :rows),
            purged as (
              delete from user_integration_content c using looked l
               where c.id = l.id and (l.time < :limit or l.updated_at < :before) returning c.id)
            select (select count(*) from looked) as looked, (select max(id) from looked) as last,
                   (select count(*) from purged) as purged""";

    private static final String PURGED = """
            update user_integration set purge_before = null where id = ? and purge_before = ?""";

    private static final UUID FIRST = new UUID(0, 0);

    private final InTransaction transaction;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Duration every;
    private final int rows;

    /**
     * @param every time between rounds; what somebody asked to purge begins at once
     * @param rows looked at in a step, 1 to 10,000
     */
    public PurgeContent(InTransaction transaction, JdbcClient jdbc, Clock clock, Duration every, int rows) {
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.clock = clock;
        this.every = every;
        this.rows = rows;
    }

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Step step(@Nullable String position) {
        Place place = position == null ? new Place(FIRST, 0, null) : Place.parse(position);
        return transaction.get(() -> next(place.userIntegration())
                .map(policy -> purge(policy, place))
                .orElseGet(() -> new Step(null, 0)));
    }

    private Optional<Policy> next(UUID from) {
        return jdbc.sql(NEXT_USER_INTEGRATION)
                .param(from)
                .query((row, n) -> policy(row))
                .optional();
    }

    private Step purge(Policy policy, Place place) {
        boolean begins = !policy.userIntegration().equals(place.userIntegration());
        long after = begins ? 0 : place.after();
        // What was asked for on the way is for the next round: this one has passed rows already.
        Instant before = begins || place.after() == 0 ? policy.purgeBefore() : place.before();
        if (jdbc.sql(HOLD)
                .param(policy.userIntegration())
                .query(UUID.class)
                .optional()
                .isEmpty()) {
            return new Step(new Place(policy.userIntegration(), 0, null).behind(), 0);
        }
        Looked looked = jdbc.sql(PURGE)
                .param("userIntegration", policy.userIntegration())
                .param("after", after)
                .param("rows", rows)
                .param("limit", utc(policy.limit(clock.instant())), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("before", utc(before), Types.TIMESTAMP_WITH_TIMEZONE)
                .query((row, n) -> new Looked(row.getLong("looked"), row.getLong("last"), row.getLong("purged")))
                .single();
        if (looked.rows() == rows) {
            return new Step(new Place(policy.userIntegration(), looked.last(), before).toString(), looked.purged());
        }
        if (before != null) {
            jdbc.sql(PURGED).param(policy.userIntegration()).param(utc(before)).update();
        }
        return new Step(new Place(policy.userIntegration(), 0, null).behind(), looked.purged());
    }

    private static Policy policy(ResultSet row) throws SQLException {
        OffsetDateTime before = row.getObject("purge_before", OffsetDateTime.class);
        return new Policy(
                row.getObject("id", UUID.class),
                row.getObject("retention_days", Integer.class),
                before == null ? null : before.toInstant());
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private record Looked(long rows, long last, long purged) {}

    /** What is to go of a user integration. */
    private record Policy(
            UUID userIntegration,
            @Nullable Integer days,
            @Nullable Instant purgeBefore) {

        @Nullable
        Instant limit(Instant now) {
            return days == null ? null : now.minus(Duration.ofDays(days));
        }
    }

    /**
     * Where a round is.
     *
     * @param after the last row that was looked at; 0: none yet
     * @param before what is being purged of this user integration; null: nothing was asked for
     */
    record Place(UUID userIntegration, long after, @Nullable Instant before) {

        static Place parse(String text) {
            String[] parts = text.split("/", -1);
            return new Place(
                    UUID.fromString(parts[0]),
                    Long.parseLong(parts[1]),
                    parts[2].isEmpty() ? null : Instant.parse(parts[2]));
        }

        /** At the next user integration, in the order of Postgres, which is that of the bytes. */
        @Nullable
        String behind() {
            long low = userIntegration.getLeastSignificantBits() + 1;
            long high = userIntegration.getMostSignificantBits() + (low == 0 ? 1 : 0);
            return low == 0 && high == 0 ? null : new Place(new UUID(high, low), 0, null).toString();
        }

        @Override
        public String toString() {
            return userIntegration + "/" + after + "/" + (before == null ? "" : before);
        }
    }
}
