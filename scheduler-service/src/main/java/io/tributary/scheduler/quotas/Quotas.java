package io.tributary.scheduler.quotas;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.quotas.QuotaProperties.Limit;
import io.tributary.scheduler.security.Caller;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Checks quotas. A request that would exceed one is rejected with its code, before it changes anything; what exists
 * already stays, also when a quota becomes smaller.
 */
@Component
public record Quotas(JdbcClient jdbc, QuotaProperties properties) {

    /**
     * When less than this is left, requests are checked one after the other: more than are ever under way at a time.
     */
    private static final int CONCURRENT_REQUESTS = 100;

    // Requests of an organisation wait for each other from here to the end of their transaction, so that two of them
    // cannot both take the last of a quota. Everybody who locks accounts does so before.
    private static final String LOCK = "select pg_advisory_xact_lock(724190552, hashtext(:org))";

    private static final String FIND_LIMIT = """
        select coalesce(max(per_user), :perUser) as per_user, coalesce(max(per_org), :perOrg) as per_org
        from org_quota where org_id = :org and quota = :quota
        """;

    private static final String FIND_OWNER = "select user_id, org_id from user_integration where id = :id";

    /** A user in an organisation, as whom something is counted. */
    public record Owner(String userId, String orgId) {

        /** Whether the organisation is the user alone: then the quota of a user is the only one. */
        boolean isAlone() {
            return userId.equals(orgId);
        }
    }

    /**
     * The use of a quota, as responses show it.
     *
     * @param name the quota: accounts, liveRuns, liveBackfills, runsPerHour, webhooks, replays,
     *     notifications, templates, suppressions
     * @param scope user or organisation
     */
    public record Use(String name, String scope, long used, long limit) {}

    /** The limits of an organisation and of its users. */
    public Limit limit(Quota quota, String orgId) {
        Limit configured = properties.limit(quota);
        return jdbc.sql(FIND_LIMIT)
                .param("org", orgId)
                .param("quota", quota.label())
                .param("perUser", configured.perUser())
                .param("perOrg", configured.perOrg())
                .query(Limit.class)
                .single();
    }

    /** Whose account it is. */
    public Owner ownerOf(UUID userIntegrationId) {
        return jdbc.sql(FIND_OWNER)
                .param("id", userIntegrationId)
                .query(Owner.class)
                .single();
    }

    /**
     * Checks that one more is allowed. Call it within the transaction that adds it, before it is added.
     *
     * @throws ApiException when the quota is used up
     */
    public void requireOneMore(Quota quota, Owner owner) {
        require(quota, owner, 1);
    }

    /**
     * Changes the schedules of an account within the caller's transaction, unless more runs would start than the quota
     * {@link Quota#RUNS_PER_HOUR} allows. A change after which no more start than before is always allowed: a quota
     * that became smaller must not be in the way of who wants to keep it.
     *
     * @throws ApiException when the change exceeds the quota; the transaction is to be rolled back
     */
    public void requireRunsKept(UUID userIntegrationId, Owner owner, Runnable change) {
        long before = runsPerHour(userIntegrationId);
        change.run();
        if (runsPerHour(userIntegrationId) > before) {
            require(Quota.RUNS_PER_HOUR, owner, 0);
        }
    }

    private long runsPerHour(UUID userIntegrationId) {
        return jdbc.sql(Quota.RUNS_PER_HOUR.countOfAccount())
                .param("id", userIntegrationId)
                .query(Long.class)
                .single();
    }

    private void require(Quota quota, Owner owner, int more) {
        if (rooms(quota, owner).stream().anyMatch(room -> room.left() < more + CONCURRENT_REQUESTS)) {
            jdbc.sql(LOCK).param("org", owner.orgId()).query(row -> {});
            rooms(quota, owner).forEach(room -> room.require(quota, more));
        }
    }

    /** The problem that a quota of a user or an organisation is used up. */
    static ApiException usedUp(Quota quota, String scope, long limit) {
        return new ApiException(Problem.of(
                quota.status(),
                quota.code(),
                "The quota " + quota.label() + " of this " + scope + " is " + limit + ", and it is used up. "
                        + quota.remedy() + ", or ask an operator for a larger quota."));
    }

    /** What is left of a quota to a user or an organisation. */
    private record Room(String scope, long limit, long left) {

        void require(Quota quota, int more) {
            if (left < more) {
                throw usedUp(quota, scope, limit);
            }
        }
    }

    private List<Room> rooms(Quota quota, Owner owner) {
        Limit limit = limit(quota, owner.orgId());
        var ofUser = new Room("user", limit.perUser(), limit.perUser() - usedBy(owner, quota));
        return owner.isAlone()
                ? List.of(ofUser)
                : List.of(
                        ofUser,
                        new Room("organisation", limit.perOrg(), limit.perOrg() - usedBy(owner.orgId(), quota)));
    }

    /** The use of every quota that limits the caller: of the user, and of the organisation for its administrators. */
    public List<Use> of(Caller caller) {
        boolean ofOrg = caller.role() == Caller.Role.org_admin;
        return Arrays.stream(Quota.values())
                .map(quota -> {
                    Limit limit = limit(quota, caller.orgId());
                    return ofOrg
                            ? new Use(quota.label(), "organisation", usedBy(caller.orgId(), quota), limit.perOrg())
                            : new Use(
                                    quota.label(),
                                    "user",
                                    usedBy(new Owner(caller.userId(), caller.orgId()), quota),
                                    limit.perUser());
                })
                .toList();
    }

    long usedBy(Owner owner, Quota quota) {
        return jdbc.sql(quota.countOfUser())
                .param("user", owner.userId())
                .param("org", owner.orgId())
                .query(Long.class)
                .single();
    }

    long usedBy(String orgId, Quota quota) {
        return jdbc.sql(quota.countOfOrg())
                .param("org", orgId)
                .query(Long.class)
                .single();
    }
}
