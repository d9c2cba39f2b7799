package io.tributary.scheduler.incoming;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a provider app to create.
 *
 * @param integrationDomain the integration, such as {@code slack}
 * @param secret as of {@link NewWebhookEndpoint}
 * @param verifyToken as of {@link NewWebhookEndpoint}
 */
record NewAppEndpoint(
        @Nullable String integrationDomain,
        @Nullable String secret,
        @Nullable String verifyToken) {}
