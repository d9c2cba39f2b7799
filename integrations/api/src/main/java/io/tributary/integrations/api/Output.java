package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * @param unified the item in the words that all platforms share; a {@link Kind#METRIC} has a {@link Unified.Metric},
 *     any other may have a {@link Unified.Activity}. Null: none
 */
public record Output(
        Kind kind,
        @Nullable String externalId,
        @Nullable Instant externalTimestamp,
        String name,
        @Nullable String content,
        JsonObject metadata,
        @Nullable Unified unified) {

    /** The kind of an output. */
    public enum Kind {
        /** The item in its present form. */
        CONTENT,
        /** Something that happened. */
        ACTIVITY,
        /** The provider has deleted the item; needs an external id. */
        DELETION,
        /** Something published, such as a post, a video or a pin. */
        POST,
        /** An answer to something published. */
        COMMENT,
        /** A message of a conversation. */
        MESSAGE,
        /** A person or an organisation, such as an author or a follower. */
        PERSON,
        /** A value of a series at a time; needs an external timestamp, which is the time of the value. */
        METRIC,
        /** An {@link Action} took effect; its external id is the {@link Effect#key}. */
        EFFECT
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
        if ((kind == Kind.METRIC) != (unified instanceof Unified.Metric)) {
            throw new IllegalArgumentException("a metric, and nothing else, has a Unified.Metric");
        }
        if (kind == Kind.METRIC && externalTimestamp == null) {
            throw new IllegalArgumentException("a metric needs the externalTimestamp of its value");
        }
    }

    /** An item that is not unified. */
    public Output(
            Kind kind,
            @Nullable String externalId,
            @Nullable Instant externalTimestamp,
            String name,
            @Nullable String content,
            JsonObject metadata) {
        this(kind, externalId, externalTimestamp, name, content, metadata, null);
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

    /**
     * An action that took effect.
     *
     * @param providerId the provider's own id of the effect, such as of the message sent; null: it gave none
     * @param result further data of the provider's answer
     */
    public static Output effect(Effect effect, @Nullable String providerId, JsonObject result) {
        return of(Kind.EFFECT, effect.key(), providerId == null ? "" : providerId, null)
                .withMetadata(result);
    }

    /** A value of a series at a time. A later value of the same series, dimensions and time replaces it. */
    public static Output metric(Unified.Metric metric, Instant time) {
        return new Output(
                Kind.METRIC,
                metric.externalId(time.truncatedTo(ChronoUnit.MILLIS).toString()),
                time,
                metric.series(),
                null,
                JsonObject.EMPTY,
                metric);
    }

    public Output at(@Nullable Instant externalTimestamp) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata, unified);
    }

    public Output withMetadata(JsonObject metadata) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata, unified);
    }

    /** The same with the item in the words that all platforms share; null: none. */
    public Output withUnified(Unified.@Nullable Activity unified) {
        return new Output(kind, externalId, externalTimestamp, name, content, metadata, unified);
    }
}
