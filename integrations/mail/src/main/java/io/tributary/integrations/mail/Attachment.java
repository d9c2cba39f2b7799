package io.tributary.integrations.mail;

import org.jspecify.annotations.Nullable;

/**
 * A part that is not the message's own text.
 *
 * @param name the file name, or the subject of an attached message; null when it has none
 * @param contentType lower case, without parameters
 * @param size bytes once decoded
 * @param disposition {@code attachment}, {@code inline} or what else it says; null when it says nothing
 * @param contentId what HTML refers to it by, without angle brackets; null when it has none
 */
public record Attachment(
        @Nullable String name,
        String contentType,
        int size,
        @Nullable String disposition,
        @Nullable String contentId) {}
