package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of deliveries that one replica attempts concurrently, each 1 to 100. Attempts above a bound wait without
 * taking a place of others.
 *
 * @param attempts of all users; default 100
 * @param attemptsPerUser of all webhooks of one user; default 10
 * @param attemptsPerWebhook of one webhook; default 4, and 1 after several failures in a row
 * @param attemptsPerHost to one host; default 20
 * @param disableAfter how long a receiver may fail without a success before its webhook is disabled, 1 hour to 365
 *     days; default 5 days
 */
@ConfigurationProperties("tributary.webhooks")
record WebhookProperties(
        @DefaultValue("100") int attempts,
        @DefaultValue("10") int attemptsPerUser,
        @DefaultValue("4") int attemptsPerWebhook,
        @DefaultValue("20") int attemptsPerHost,
        @DefaultValue("5d") Duration disableAfter) {

    /** The client has twice as many connections: no attempt waits for one. */
    private static final Range<Integer> ATTEMPTS = Range.between(1, 100, "1 to 100");

    private static final Range<Duration> DISABLE_AFTER =
            Range.between(Duration.ofHours(1), Duration.ofDays(365), "1 hour to 365 days");

    WebhookProperties {
        ATTEMPTS.check(attempts, "tributary.webhooks.attempts");
        ATTEMPTS.check(attemptsPerUser, "tributary.webhooks.attempts-per-user");
        ATTEMPTS.check(attemptsPerWebhook, "tributary.webhooks.attempts-per-webhook");
        ATTEMPTS.check(attemptsPerHost, "tributary.webhooks.attempts-per-host");
        DISABLE_AFTER.check(disableAfter, "tributary.webhooks.disable-after");
    }
}
