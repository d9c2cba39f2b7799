package io.tributary.scheduler.billing;

import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of billing.
 *
 * @param grace how long after the end of a cycle its invoice waits for usage that is on its way, 0 and up; default 15
 *     minutes. Usage that arrives later is on the next invoice
 */
@ConfigurationProperties("tributary.billing")
record BillingProperties(@DefaultValue("15m") Duration grace) {

    BillingProperties {
        Range.atLeast(Duration.ZERO, "0 and up").check(grace, "tributary.billing.grace");
    }
}
