package io.tributary.scheduler.incoming;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint to create.
 *
 * @param secret what the provider signs with, 8 to 500 characters: its signing secret, the app's secret, or a public
 *     key in hexadecimal; null: a new one
 * @param verifyToken the token of the provider's challenge, 8 to 200 characters; null: a new one
 */
record NewWebhookEndpoint(@Nullable String secret, @Nullable String verifyToken) {

    static final NewWebhookEndpoint GENERATED = new NewWebhookEndpoint(null, null);
}
