package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One item that a task found.
 *
 * @param kind kind of the item
 * @param externalId the provider's own id, unique within the user integration: a later output with the same id is the
 *     same item, changed. Null: each returned item is a new one
 * @param externalTimestamp the provider's time of the item, stored to the millisecond; null: none
 * @param name its name for people, such as a subject or a file name; may be empty
 * @param content the item itself; null: none
 * @param metadata further data of the item
 */
public record Output(
        Kind kind,
        @Nullable String externalId,
        @Nullable Instant externalTimestamp,
        String name,
        @Nullable String content,
        JsonObject metadata) {

    /** The kind of an output. */
    public enum Kind {
        /** The item in its present form. */
        CONTENT,
        /** Something that happened. */
        ACTIVITY,
        /** The provider has deleted the item; needs an external id. */
        DELETION
    }

    public Output {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(metadata, "metadata");
        if (kind == Kind.DELETION && externalId == null) {
            throw new IllegalArgumentException("a deletion needs the externalId of what is gone");
        }
        if (externalId != null) {
            ExternalIds.check(externalId);
        }
    }

    /** An item without a time and metadata. */
    public static Output of(Kind kind, String externalId, String name, @Nullable String content) {
        return new Output(kind, externalId, null, name, content, JsonObject.EMPTY);
    }

    /** An item with its content. */
    public static Output content(String externalId, String name, String content) {
        return of(Kind.CONTENT, externalId, name, content);
    }

    /** Something that happened. */
    public static Output activity(String externalId, String name, String content) {
        return of(Kind.ACTIVITY, externalId, name, content);
    }

    /** An item that the provider has deleted. */
    public static Output deletion(String externalId) {
        return of(Kind.DELETION, externalId, "", null);
    }

    public Output at(@Nullable Instant externalTimestamp) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata);
    }

    public Output withMetadata(JsonObject metadata) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata);
    }
}
