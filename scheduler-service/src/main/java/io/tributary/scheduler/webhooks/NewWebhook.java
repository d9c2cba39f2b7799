package io.tributary.scheduler.webhooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of a request for a webhook.
 *
 * @param url an https URL of up to 2,000 characters, on a public host
 * @param eventTypes types of events, such as {@code integration.expired}; default all
 */
record NewWebhook(@Nullable String url, @Nullable List<@Nullable String> eventTypes) {}
