package io.tributary.integrations.mail;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as the metadata of an output, the same for every integration that syncs mail.
 *
 * <ul>
 *   <li>{@code messageId}, {@code inReplyTo} and {@code references[]} have their angle brackets.
 *   <li>{@code from[]}, {@code to[]} and {@code cc[]} are objects with {@code address} and, where there is one,
 *       {@code name}.
 *   <li>{@code text} and {@code html} are decoded, up to 100,000 characters each; {@code attachments[]} have
 *       {@code contentType} and {@code size} (bytes, decoded), and where known {@code name}, {@code disposition} and
 *       {@code contentId}.
 *   <li>{@code problems[]} names what could not be decoded.
 *   <li>A key without a value is left out, but for {@code attachments}.
 * </ul>
 */
public final class MailMetadata {

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** The metadata of a message; more can be put to it. */
    public MailMetadata(ParsedMessage message) {
        Envelope envelope = message.envelope();
        put("messageId", envelope.messageId());
        put("inReplyTo", envelope.inReplyTo());
        put("references", envelope.references());
        put("subject", envelope.subject());
        put("from", addresses(envelope.from()));
        put("to", addresses(envelope.to()));
        put("cc", addresses(envelope.cc()));
        put("text", message.body().text());
        put("html", message.body().html());
        values.put("attachments", attachments(message.body().attachments()));
        put("problems", message.problems());
    }

    /** Puts a value; null and an empty list are left out. A time is ISO 8601 in UTC. */
    public MailMetadata put(String key, @Nullable Object value) {
        put(values, key, value instanceof Instant time ? time.toString() : value);
        return this;
    }

    public Map<String, @Nullable Object> values() {
        return values;
    }

    private static List<Map<String, @Nullable Object>> addresses(List<Address> addresses) {
        return addresses.stream()
                .map(address -> {
                    var object = new LinkedHashMap<String, @Nullable Object>();
                    put(object, "name", address.name());
                    put(object, "address", address.address());
                    return (Map<String, @Nullable Object>) object;
                })
                .toList();
    }

    private static List<Map<String, @Nullable Object>> attachments(List<Attachment> attachments) {
        return attachments.stream()
                .map(attachment -> {
                    var object = new LinkedHashMap<String, @Nullable Object>();
                    put(object, "name", attachment.name());
                    put(object, "contentType", attachment.contentType());
                    put(object, "size", attachment.size());
                    put(object, "disposition", attachment.disposition());
                    put(object, "contentId", attachment.contentId());
                    return (Map<String, @Nullable Object>) object;
                })
                .toList();
    }

    private static void put(Map<String, @Nullable Object> object, String key, @Nullable Object value) {
        boolean absent = value == null || (value instanceof List<?> list && list.isEmpty());
        if (!absent) {
            object.put(key, value);
        }
    }
}
