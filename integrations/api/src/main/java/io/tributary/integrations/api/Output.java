package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One item that a task found.
 *
 * @param kind what the item says
 * @param externalId the provider's own id, unique within the user integration: the same id later means the same item,
 *     changed. Null: the item is taken as new each time it is returned
 * @param externalTimestamp the provider's time of the item, kept to the millisecond; null: it has none
 * @param name what a person would call it, such as a subject or a file name; may be empty
 * @param content the item itself; null: it has none
 * @param metadata what is known about it
 */
public record Output(
        Kind kind,
        @Nullable String externalId,
        @Nullable Instant externalTimestamp,
        String name,
        @Nullable String content,
        JsonObject metadata) {

    /** What an output says. */
    public enum Kind {
        /** The item as it now is. */
        CONTENT,
        /** Something that happened. */
        ACTIVITY,
        /** The item is gone at the provider; needs an external id. */
        DELETION
    }

    public Output {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(metadata, "metadata");
        if (kind == Kind.DELETION && externalId == null) {
            throw new IllegalArgumentException("a deletion needs the externalId of what is gone");
        }
        if (externalId != null && (externalId.isEmpty() || externalId.length() > 1024)) {
            throw new IllegalArgumentException("an externalId has 1 to 1,024 characters, not " + externalId.length());
        }
    }

    /** An item with its content. */
    public static Output content(String externalId, String name, String content) {
        return new Output(Kind.CONTENT, externalId, null, name, content, JsonObject.EMPTY);
    }

    /** Something that happened. */
    public static Output activity(String externalId, String name, String content) {
        return new Output(Kind.ACTIVITY, externalId, null, name, content, JsonObject.EMPTY);
    }

    /** An item that is gone at the provider. */
    public static Output deletion(String externalId) {
        return new Output(Kind.DELETION, externalId, null, "", null, JsonObject.EMPTY);
    }

    public Output at(@Nullable Instant externalTimestamp) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata);
    }

    public Output withMetadata(JsonObject metadata) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata);
    }
}
