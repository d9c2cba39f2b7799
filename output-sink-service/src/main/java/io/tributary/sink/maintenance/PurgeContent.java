package io.tributary.sink.maintenance;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Removes content past the retention of its user integration, and content whose purge was requested: a batch of rows at
 * a time, in the order of their arrival.
 *
 * <p>A step locks the user integration, as a sink that writes its content does, so that neither changes rows under the
 * other. It checks a bounded number of rows, so a sync waits for it for milliseconds. The pause between steps lets
 * autovacuum keep up, so that Postgres reuses the space of purged rows. A round reads the content of an account only if
 * some of it is new or has expired, and passes over a thousand other accounts in a step.
 *
 * @param every time between rounds; a requested purge begins immediately
 * @param rows rows that one step checks, 1 to 10,000
 */
public record PurgeContent(Postgres postgres, Clock clock, Duration every, int rows) implements MaintenanceJob {

    private static final Logger log = LoggerFactory.getLogger(PurgeContent.class);

    /** Accounts that one step looks at, if none of them has anything due. */
    private static final int PAGE = 1_000;

    private static final String ACCOUNTS = """
        select id from user_integration
         where (retention_days is not null or purge_before is not null) and id >= ?
         order by id limit %d\
        """.formatted(PAGE);

    /** The first account with content that is due or was never looked at. */
    private static final String NEXT_DUE = """
        select u.id as user_integration, u.retention_days as days, u.purge_before,
               case when d.everything then 0 else r.checked_id end as start
          from user_integration u left join content_retention r on r.user_integration_id = u.id
          cross join lateral (
            select u.purge_before is not null or r.days is distinct from u.retention_days or r.due_at <= :now) d (everything)
         where u.id = any(:accounts)
           and (d.everything or exists (
                  select from user_integration_content c where c.user_integration_id = u.id and c.id > r.checked_id))
         order by u.id limit 1\
        """;

    /** If the user integration was deleted meanwhile with its content, there is nothing to lock and nothing to do. */
    private static final String HOLD = "select id from user_integration where id = ? for no key update";

    private static final String PURGE = """
        with looked as (
          select id, coalesce(external_timestamp, created_at) as time, updated_at from user_integration_content
           where user_integration_id = :userIntegration and id > :after order by id limit :rows),
        purged as (
          delete from user_integration_content c using looked l
           where c.id = l.id and (l.time < cast(:limit as timestamptz) or l.updated_at < cast(:before as timestamptz))
          returning c.id)
        select (select count(*) from looked) as rows, (select coalesce(max(id), 0) from looked) as last,
               (select count(*) from purged) as purged,
               (select min(time) from looked where id not in (select id from purged)) as oldest\
        """;

    private static final String LOOKED_AT = """
        insert into content_retention as r (user_integration_id, days, due_at, checked_id)
        values (:userIntegration, :days, :dueAt, :checkedId)
        on conflict (user_integration_id) do update
           set days = excluded.days, checked_id = excluded.checked_id,
               due_at = case when :everything then excluded.due_at else least(r.due_at, excluded.due_at) end\
        """;

    /** Dead letters hold whole items. */
    private static final String PURGE_DEAD_LETTERS = """
        delete from dead_letter where user_integration_id = ? and created_at < ? and task_type is null\
        """;

    /** An item may get another time when it changes, so everything is looked at after this time. */
    private static final Duration AHEAD = Duration.ofDays(7);

    private static final String PURGED = """
        update user_integration
           set purge_before = null, purged_before = greatest(purged_before, purge_before)
         where id = ? and purge_before = ?\
        """;

    private static final UUID FIRST = new UUID(0, 0);

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public Step step(@Nullable String position) {
        Place place = position == null ? new Place(FIRST, 0, null, null) : Place.parse(position);
        List<UUID> accounts = postgres.get(() -> postgres.sql(ACCOUNTS)
                .param(place.userIntegration())
                .query(UUID.class)
                .list());
        if (accounts.isEmpty()) {
            return new Step(null, 0);
        }
        Optional<Policy> due = postgres.get(() -> postgres.sql(NEXT_DUE, new Look(accounts, clock.instant()))
                .query(Policy.class)
                .optional());
        return due.map(policy -> purgeUnlessRejected(policy, place))
                .orElseGet(() -> new Step(Place.behind(accounts.getLast()), 0));
    }

    private Step purgeUnlessRejected(Policy policy, Place place) {
        try {
            return postgres.get(() -> purge(policy, place));
        } catch (Rejected e) {
            log.error(
                    "sink.purgeFailed: content of an account cannot be purged, the next round tries again"
                            + " userIntegrationId={}",
                    policy.userIntegration(),
                    e);
            return new Step(Place.behind(policy.userIntegration()), 0);
        }
    }

    private Step purge(Policy policy, Place place) {
        boolean begins = !policy.userIntegration().equals(place.userIntegration());
        long after = begins ? policy.start() : Math.max(policy.start(), place.after());
        // The next round handles a purge that was requested meanwhile, since this round has passed rows already.
        Instant before = begins || place.after() == 0 ? policy.purgeBefore() : place.before();
        if (postgres.sql(HOLD)
                .param(policy.userIntegration())
                .query(UUID.class)
                .optional()
                .isEmpty()) {
            return new Step(Place.behind(policy.userIntegration()), 0);
        }
        Looked looked = postgres.sql(
                        PURGE, new Purge(policy.userIntegration(), after, rows, policy.limit(clock.instant()), before))
                .query(Looked.class)
                .single();
        Instant oldest = older(begins ? null : place.oldest(), looked.oldest());
        long last = Math.max(after, looked.last());
        if (looked.rows() == rows) {
            return new Step(new Place(policy.userIntegration(), last, before, oldest).toString(), looked.purged());
        }
        end(policy, before, oldest, last);
        return new Step(Place.behind(policy.userIntegration()), looked.purged());
    }

    private void end(Policy policy, @Nullable Instant before, @Nullable Instant oldest, long last) {
        UUID account = policy.userIntegration();
        if (before != null) {
            postgres.sql(PURGED).param(account).param(Postgres.utc(before)).update();
            postgres.sql(PURGE_DEAD_LETTERS)
                    .param(account)
                    .param(Postgres.utc(before))
                    .update();
        }
        if (policy.days() != null) {
            Instant latest = clock.instant().plus(AHEAD);
            Instant due = older(latest, oldest == null ? null : oldest.plus(Duration.ofDays(policy.days())));
            postgres.sql(
                            LOOKED_AT,
                            new LookedAt(
                                    account,
                                    policy.days(),
                                    Objects.requireNonNullElse(due, latest),
                                    last,
                                    policy.start() == 0))
                    .update();
        }
    }

    private static @Nullable Instant older(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private record Look(SqlArrayValue accounts, Instant now) {
        Look(List<UUID> accounts, Instant now) {
            this(new SqlArrayValue("uuid", accounts.toArray()), now);
        }
    }

    private record LookedAt(UUID userIntegration, int days, Instant dueAt, long checkedId, boolean everything) {}

    private record Purge(
            UUID userIntegration,
            long after,
            int rows,
            @Nullable Instant limit,
            @Nullable Instant before) {}

    private record Looked(
            long rows, long last, long purged, @Nullable Instant oldest) {}

    /**
     * Selects the content of a user integration that has to be removed.
     *
     * @param start rows up to this id are not due; 0: all may be
     */
    private record Policy(
            UUID userIntegration,
            @Nullable Integer days,
            @Nullable Instant purgeBefore,
            long start) {

        @Nullable
        Instant limit(Instant now) {
            return days == null ? null : now.minus(Duration.ofDays(days));
        }
    }

    /**
     * The position of a round.
     *
     * @param after the last checked row; 0: none yet
     * @param before older content of this user integration is purged; null: no purge was requested
     * @param oldest time of the oldest remaining content so far; null: there is none
     */
    record Place(
            UUID userIntegration,
            long after,
            @Nullable Instant before,
            @Nullable Instant oldest) {

        /** Also of an earlier version, which stored no oldest time. */
        static Place parse(String text) {
            String[] parts = text.split("/", -1);
            return new Place(
                    UUID.fromString(parts[0]),
                    Long.parseLong(parts[1]),
                    instant(parts[2]),
                    parts.length == 3 ? null : instant(parts[3]));
        }

        /** The start of the next user integration, in the order of Postgres, which is the order of the bytes. */
        static @Nullable String behind(UUID userIntegration) {
            long low = userIntegration.getLeastSignificantBits() + 1;
            long high = userIntegration.getMostSignificantBits() + (low == 0 ? 1 : 0);
            return low == 0 && high == 0 ? null : new Place(new UUID(high, low), 0, null, null).toString();
        }

        private static @Nullable Instant instant(String text) {
            return text.isEmpty() ? null : Instant.parse(text);
        }

        @Override
        public String toString() {
            return userIntegration + "/" + after + "/" + (before == null ? "" : before) + "/"
                    + (oldest == null ? "" : oldest);
        }
    }
}
