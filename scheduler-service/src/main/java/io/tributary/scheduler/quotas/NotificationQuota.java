package io.tributary.scheduler.quotas;

import io.tributary.scheduler.quotas.Quotas.Owner;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The quota of notifications that have not ended. A user may have a million, whose count takes a while: so they are
 * counted every ten seconds.
 */
@Component
public class NotificationQuota {

    private final CachedQuota cached;

    public NotificationQuota(Quotas quotas) {
        this.cached = new CachedQuota(quotas, Quota.NOTIFICATIONS, Duration.ofSeconds(10));
    }

    /**
     * Takes some of the notifications that an owner may have.
     *
     * @throws io.tributary.scheduler.http.ApiException when that many are not left
     */
    public void take(Owner owner, int number) {
        cached.take(owner, number);
    }

    /** Gives back what was taken, but not stored. */
    public void giveBack(Owner owner, int number) {
        cached.giveBack(owner, number);
    }
}
