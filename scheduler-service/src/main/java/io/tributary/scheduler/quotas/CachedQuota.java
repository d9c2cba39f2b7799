package io.tributary.scheduler.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.scheduler.quotas.QuotaProperties.Limit;
import io.tributary.scheduler.quotas.Quotas.Owner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A quota for callers who ask for thousands a second. The use is counted from time to time, and what this replica takes
 * meanwhile is added; what other replicas take is seen with the next count. Thread safe.
 */
final class CachedQuota {

    private static final int MAX_OWNERS = 100_000;

    private final Quotas quotas;
    private final Quota quota;
    private final Cache<Owner, AtomicLong> leftToUsers;
    private final Cache<String, AtomicLong> leftToOrgs;

    /** @param countedEvery how long a count is used */
    CachedQuota(Quotas quotas, Quota quota, Duration countedEvery) {
        this.quotas = quotas;
        this.quota = quota;
        this.leftToUsers = cache(countedEvery);
        this.leftToOrgs = cache(countedEvery);
    }

    private static <K> Cache<K, AtomicLong> cache(Duration countedEvery) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_OWNERS)
                .expireAfterWrite(countedEvery)
                .build();
    }

    /** Takes some of what an owner may have; false: that many are not left, and none is taken. */
    boolean tryTake(Owner owner, int number) {
        AtomicLong ofUser = leftToUsers.get(owner, this::leftTo);
        if (owner.isAlone()) {
            return takeFrom(ofUser, number);
        }
        AtomicLong ofOrg = leftToOrgs.get(owner.orgId(), this::leftTo);
        if (!takeFrom(ofOrg, number)) {
            return false;
        }
        boolean taken = takeFrom(ofUser, number);
        if (!taken) {
            ofOrg.addAndGet(number);
        }
        return taken;
    }

    private static boolean takeFrom(AtomicLong left, int number) {
        return left.getAndUpdate(some -> some >= number ? some - number : some) >= number;
    }

    private AtomicLong leftTo(Owner owner) {
        Limit limit = quotas.limit(quota, owner.orgId());
        return new AtomicLong(limit.perUser() - quotas.usedBy(owner, quota));
    }

    private AtomicLong leftTo(String orgId) {
        Limit limit = quotas.limit(quota, orgId);
        return new AtomicLong(limit.perOrg() - quotas.usedBy(orgId, quota));
    }
}
