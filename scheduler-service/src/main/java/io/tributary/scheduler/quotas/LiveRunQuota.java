package io.tributary.scheduler.quotas;

import io.tributary.scheduler.quotas.Quotas.Owner;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The quota of live runs, for the polling cycle: it asks for thousands of schedules a second, and a schedule that may
 * not start now starts later. So live runs are counted every two seconds.
 */
@Component
public class LiveRunQuota {

    /** When a schedule that may not start is due again. */
    public static final Duration RETRY = Duration.ofSeconds(30);

    private final CachedQuota quota;

    public LiveRunQuota(Quotas quotas) {
        this.quota = new CachedQuota(quotas, Quota.LIVE_RUNS, Duration.ofSeconds(2));
    }

    /** Takes one of the live runs that an owner may have; false: there are as many already. */
    public boolean tryTake(Owner owner) {
        return quota.tryTake(owner, 1);
    }
}
