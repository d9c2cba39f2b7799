/**
 * Syncs a GitHub account's notifications and the user's own events, as activities, through GitHub's REST API, version
 * 2022-11-28 (GitHub Docs, "REST API endpoints for notifications", "REST API endpoints for events", "Best practices for
 * using the REST API", "Rate limits for the REST API").
 *
 * <p>Both lists are asked for with what their last answer gave ({@code Last-Modified}, {@code ETag}), so that a sync
 * that finds nothing new costs two requests and nothing of the rate limit, and not before the time that
 * {@code X-Poll-Interval} asks to wait.
 */
@NullMarked
package io.tributary.integrations.github;

import org.jspecify.annotations.NullMarked;
