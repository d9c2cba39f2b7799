package io.tributary.scheduler.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one caller may ask of one replica.
 *
 * @param requestsPerSecond in the long run, 1 to 1,000,000; default 100
 * @param burst at once after a rest, 1 to 1,000,000; default 500
 */
@ConfigurationProperties("tributary.api")
public record ApiProperties(
        @DefaultValue("100") int requestsPerSecond,
        @DefaultValue("500") int burst) {

    private static final int MAX = 1_000_000;

    public ApiProperties {
        if (requestsPerSecond < 1 || requestsPerSecond > MAX || burst < 1 || burst > MAX) {
            throw new IllegalArgumentException("tributary.api.requests-per-second is " + requestsPerSecond
                    + " and tributary.api.burst " + burst + "; both must be 1 to 1,000,000");
        }
    }
}
