package io.tributary.scheduler.quotas;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The quotas of every user and organisation; the table {@code org_quota} has those of single organisations. The
 * defaults are in {@code scheduler.yml}.
 *
 * @param minCronGap shortest time between two times of a cron expression, 1 s to 1 day; default 10 s, as of intervals
 * @param limits by quota: of a user and of an organisation, 0 and up
 */
@ConfigurationProperties("tributary.quotas")
public record QuotaProperties(Duration minCronGap, Map<Quota, Limit> limits) {

    private static final Duration LONGEST_GAP = Duration.ofDays(1);

    public QuotaProperties {
        if (minCronGap.compareTo(Duration.ofSeconds(1)) < 0 || minCronGap.compareTo(LONGEST_GAP) > 0) {
            throw new IllegalArgumentException(
                    "tributary.quotas.min-cron-gap is " + minCronGap + "; it must be 1 s to 1 day");
        }
        for (Quota quota : Quota.values()) {
            if (!limits.containsKey(quota)) {
                throw new IllegalArgumentException("tributary.quotas.limits lacks " + quota.label());
            }
        }
        limits = Map.copyOf(limits);
    }

    /**
     * Most of something.
     *
     * @param perUser of a user, 0 and up
     * @param perOrg of all users of an organisation, 0 and up
     */
    public record Limit(long perUser, long perOrg) {

        public Limit {
            if (perUser < 0 || perOrg < 0) {
                throw new IllegalArgumentException("a quota must be 0 and up: " + perUser + ", " + perOrg);
            }
        }
    }

    Limit limit(Quota quota) {
        return Objects.requireNonNull(limits.get(quota));
    }
}
