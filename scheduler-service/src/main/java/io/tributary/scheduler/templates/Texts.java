package io.tributary.scheduler.templates;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a template in one locale, each in Handlebars; or what became of them.
 *
 * @param subject up to 998 characters; null: none
 * @param text plain text, up to 65536 characters; null: none
 * @param html HTML, up to 131072 characters, into which values are written escaped; null: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Texts(
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html) {}
