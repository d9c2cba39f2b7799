package io.tributary.integrations.workbench.certify;

import java.time.Duration;

/**
 * A quota response of the provider, in addition to those of HTTP that every integration has to understand.
 *
 * @param name what the report calls it, such as {@code 403 userRateLimitExceeded}
 * @param inject lets the provider answer its next request so, once
 * @param rest how long the integration has to rest then
 */
public record QuotaAnswer(String name, Runnable inject, Duration rest) {}
