package io.tributary.scheduler.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.quotas.Quotas.Owner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A quota for callers who ask for thousands a second. The use is counted from time to time, and what this replica takes
 * meanwhile is added; what other replicas take is seen with the next count. Thread safe.
 */
final class CachedQuota {

    private static final int MAX_OWNERS = 100_000;

    private final Quotas quotas;
    private final Quota quota;
    private final Cache<Owner, Left> leftToUsers;
    private final Cache<String, Left> leftToOrgs;

    /** What is left of the limit of a user or an organisation. */
    private record Left(String scope, long limit, AtomicLong number) {

        boolean take(int taken) {
            return number.getAndUpdate(some -> some >= taken ? some - taken : some) >= taken;
        }
    }

    /** @param countedEvery how long a count is used */
    CachedQuota(Quotas quotas, Quota quota, Duration countedEvery) {
        this.quotas = quotas;
        this.quota = quota;
        this.leftToUsers = cache(countedEvery);
        this.leftToOrgs = cache(countedEvery);
    }

    private static <K> Cache<K, Left> cache(Duration countedEvery) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_OWNERS)
                .expireAfterWrite(countedEvery)
                .build();
    }

    /** Takes some of what an owner may have; false: that many are not left, and none is taken. */
    boolean tryTake(Owner owner, int number) {
        return refusing(owner, number).isEmpty();
    }

    /**
     * Takes some of what an owner may have. A refusal takes none, and counts nothing anew.
     *
     * @throws ApiException when that many are not left
     */
    void take(Owner owner, int number) {
        refusing(owner, number).ifPresent(left -> {
            throw Quotas.usedUp(quota, left.scope(), left.limit());
        });
    }

    /** Takes some, or returns the limit that does not allow it. */
    private Optional<Left> refusing(Owner owner, int number) {
        Left ofUser = leftToUsers.get(owner, this::leftTo);
        if (owner.isAlone()) {
            return ofUser.take(number) ? Optional.empty() : Optional.of(ofUser);
        }
        Left ofOrg = leftToOrgs.get(owner.orgId(), this::leftTo);
        if (!ofOrg.take(number)) {
            return Optional.of(ofOrg);
        }
        if (!ofUser.take(number)) {
            ofOrg.number().addAndGet(number);
            return Optional.of(ofUser);
        }
        return Optional.empty();
    }

    /** Gives back what was taken and not used. */
    void giveBack(Owner owner, int number) {
        giveBack(leftToUsers.getIfPresent(owner), number);
        if (!owner.isAlone()) {
            giveBack(leftToOrgs.getIfPresent(owner.orgId()), number);
        }
    }

    private static void giveBack(@Nullable Left left, int number) {
        if (left != null) {
            left.number().addAndGet(number);
        }
    }

    private Left leftTo(Owner owner) {
        long limit = quotas.limit(quota, owner.orgId()).perUser();
        return new Left("user", limit, new AtomicLong(limit - quotas.usedBy(owner, quota)));
    }

    private Left leftTo(String orgId) {
        long limit = quotas.limit(quota, orgId).perOrg();
        return new Left("organisation", limit, new AtomicLong(limit - quotas.usedBy(orgId, quota)));
    }
}
