package io.tributary.scheduler.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.scheduler.quotas.QuotaProperties.Limit;
import io.tributary.scheduler.quotas.Quotas.Owner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * The quota of live runs, for the polling cycle: it asks for thousands of schedules a second, and a schedule that may
 * not start now starts later. So live runs are counted every two seconds, and the runs that this replica starts
 * meanwhile are added; runs of other replicas are seen with the next count.
 */
@Component
public class LiveRunQuota {

    /** When a schedule that may not start is due again. */
    public static final Duration RETRY = Duration.ofSeconds(30);

    private static final Duration COUNTED_EVERY = Duration.ofSeconds(2);
    private static final int MAX_OWNERS = 100_000;

    private final Quotas quotas;
    private final Cache<Owner, AtomicLong> leftToUsers = cache();
    private final Cache<String, AtomicLong> leftToOrgs = cache();

    public LiveRunQuota(Quotas quotas) {
        this.quotas = quotas;
    }

    private static <K> Cache<K, AtomicLong> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_OWNERS)
                .expireAfterWrite(COUNTED_EVERY)
                .build();
    }

    /** Takes one of the live runs that an owner may have; false: there are as many already. */
    public boolean tryTake(Owner owner) {
        AtomicLong ofUser = leftToUsers.get(owner, this::leftTo);
        if (owner.isAlone()) {
            return takeFrom(ofUser);
        }
        AtomicLong ofOrg = leftToOrgs.get(owner.orgId(), this::leftTo);
        if (!takeFrom(ofOrg)) {
            return false;
        }
        boolean taken = takeFrom(ofUser);
        if (!taken) {
            ofOrg.incrementAndGet();
        }
        return taken;
    }

    private static boolean takeFrom(AtomicLong left) {
        return left.getAndUpdate(number -> Math.max(0, number - 1)) > 0;
    }

    private AtomicLong leftTo(Owner owner) {
        Limit limit = quotas.limit(Quota.LIVE_RUNS, owner.orgId());
        return new AtomicLong(limit.perUser() - quotas.usedBy(owner, Quota.LIVE_RUNS));
    }

    private AtomicLong leftTo(String orgId) {
        Limit limit = quotas.limit(Quota.LIVE_RUNS, orgId);
        return new AtomicLong(limit.perOrg() - quotas.usedBy(orgId, Quota.LIVE_RUNS));
    }
}
