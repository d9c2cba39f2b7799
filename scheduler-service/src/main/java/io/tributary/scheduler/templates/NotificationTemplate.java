package io.tributary.scheduler.templates;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A template of notifications.
 *
 * @param name what requests call it, unique among the templates of its owner
 * @param defaultLocale the locale that is used where a notification names none, or one that is not there
 * @param locales texts by locale, such as {@code en} or {@code de-AT}
 */
record NotificationTemplate(
        UUID id, String name, String defaultLocale, Map<String, Texts> locales, Instant createdAt, Instant updatedAt) {}
