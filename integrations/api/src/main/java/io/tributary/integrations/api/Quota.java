package io.tributary.integrations.api;

import java.time.Instant;

/**
 * The remaining quota that a provider reported.
 *
 * @param remaining requests that may still be sent before {@code resetsAt}, 0 and up
 * @param resetsAt when the count begins anew
 */
public record Quota(long remaining, Instant resetsAt) {

    public Quota {
        if (remaining < 0) {
            throw new IllegalArgumentException("remaining is " + remaining + "; it must be 0 and up");
        }
    }
}
