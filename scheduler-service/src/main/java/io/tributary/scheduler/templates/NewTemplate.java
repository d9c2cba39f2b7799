package io.tributary.scheduler.templates;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body that creates or replaces a template.
 *
 * @param name 1 to 100 letters, digits, dots, hyphens and underscores
 * @param defaultLocale one of the locales
 * @param locales 1 to 50 locales
 */
record NewTemplate(
        @Nullable String name,
        @Nullable String defaultLocale,
        @Nullable Map<String, @Nullable Texts> locales) {}
