package io.tributary.scheduler.recipients;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table notification_suppression. */
@Component
public record SuppressionTable(JdbcClient jdbc) {

    private static final String SELECT = "select id, address, reason, created_at from notification_suppression";

    private static final String INSERT = """
        insert into notification_suppression as known (id, user_id, org_id, address, reason, created_at)
        values (:id, :userId, :orgId, :address, :reason, :now)
        on conflict (org_id, md5(address)) do update set reason = coalesce(excluded.reason, known.reason)
        returning id, address, reason, created_at
        """;

    private static final String AMONG = """
        select s.org_id, s.address
        from unnest(:orgs::text[], :addresses::text[]) as used (org_id, address)
        join notification_suppression s on s.org_id = used.org_id and md5(s.address) = md5(used.address)
        """;

    /** An address, in the form of {@link Addresses#comparable}, to which an organisation sends. */
    public record Used(String orgId, String address) {}

    /** Suppresses an address for the caller's organisation; one that is suppressed stays so. */
    Suppression insert(String address, @Nullable String reason, Caller owner, Instant now) {
        return jdbc.sql(INSERT)
                .param("id", UUID.randomUUID())
                .param("userId", owner.userId())
                .param("orgId", owner.orgId())
                .param("address", address)
                .param("reason", reason)
                .param("now", SqlTime.of(now))
                .query(Suppression.class)
                .single();
    }

    Optional<Suppression> find(UUID id, Caller caller) {
        return caller.statement(jdbc, SELECT + " where id = :id and %s", "user_id")
                .param("id", id)
                .query(Suppression.class)
                .optional();
    }

    /**
     * By id.
     *
     * @param address only this one; null: all
     */
    List<Suppression> list(@Nullable String address, UUID after, int limit, Caller caller) {
        return caller.statement(jdbc, SELECT + """
                 where id > :after and (:address::text is null or address = :address::text) and %s
                order by id limit :limit
                """, "user_id")
                .param("address", address)
                .param("after", after)
                .param("limit", limit)
                .query(Suppression.class)
                .list();
    }

    /** Returns whether there was one. */
    boolean delete(UUID id, Caller caller) {
        return caller.statement(jdbc, "delete from notification_suppression where id = :id and %s", "user_id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** The suppressed ones among the addresses. */
    public Set<Used> among(Collection<Used> used) {
        return new HashSet<>(jdbc.sql(AMONG)
                .param("orgs", used.stream().map(Used::orgId).toArray(String[]::new))
                .param("addresses", used.stream().map(Used::address).toArray(String[]::new))
                .query(Used.class)
                .list());
    }
}
