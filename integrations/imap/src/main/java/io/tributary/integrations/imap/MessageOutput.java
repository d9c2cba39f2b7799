package io.tributary.integrations.imap;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.imap.mime.Address;
import io.tributary.integrations.imap.mime.Attachment;
import io.tributary.integrations.imap.mime.Envelope;
import io.tributary.integrations.imap.mime.ParsedMessage;
import io.tributary.integrations.imap.mime.RawText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an output of a message.
 *
 * <ul>
 *   <li>The external id is {@code folder:uidvalidity:uid}, and the external timestamp the Date header, or INTERNALDATE
 *       for a message without a usable one.
 *   <li>The content is the raw source, from first to last byte: as UTF-8 if it is that, else one character a byte
 *       ({@code contentEncoding} {@code UTF-8} or {@code ISO-8859-1}); encoded that way it is the source again, of
 *       {@code size} bytes.
 *   <li>{@code messageId}, {@code inReplyTo}, {@code references[]} and {@code threadId} have their angle brackets;
 *       {@code threadId} is the first of References, else In-Reply-To, else the message's own id, else its external id.
 *   <li>{@code from[]}, {@code to[]} and {@code cc[]} are objects with {@code address} and, where there is one,
 *       {@code name}. {@code date} is the external timestamp, {@code receivedAt} INTERNALDATE, both ISO 8601 in UTC.
 *   <li>{@code text} and {@code html} are decoded, up to 100,000 characters each; {@code attachments[]} have
 *       {@code contentType} and {@code size} (bytes, decoded), and where known {@code name}, {@code disposition} and
 *       {@code contentId}.
 *   <li>{@code flags[]} are those at the time of the download, {@code problems[]} says what could not be decoded, and
 *       {@code truncated} that the message is too large: its content is the header, {@code size} that of the whole.
 *   <li>A key without a value is left out, but for {@code attachments}.
 * </ul>
 */
record MessageOutput(String folder, long uidValidity) {

    Output of(Fetched message, boolean headerOnly) {
        ParsedMessage parsed =
                headerOnly ? ParsedMessage.readHeader(message.source()) : ParsedMessage.read(message.source());
        Envelope envelope = parsed.envelope();
        String externalId = folder + ":" + uidValidity + ":" + message.uid();
        Instant time = envelope.date() == null ? message.internalDate() : envelope.date();
        RawText content = RawText.of(message.source());

        var metadata = new LinkedHashMap<String, @Nullable Object>();
        put(metadata, "messageId", envelope.messageId());
        put(metadata, "threadId", envelope.threadId().orElse(externalId));
        put(metadata, "inReplyTo", envelope.inReplyTo());
        put(metadata, "references", envelope.references());
        put(metadata, "subject", envelope.subject());
        put(metadata, "from", addresses(envelope.from()));
        put(metadata, "to", addresses(envelope.to()));
        put(metadata, "cc", addresses(envelope.cc()));
        put(metadata, "date", time == null ? null : time.toString());
        put(
                metadata,
                "receivedAt",
                message.internalDate() == null ? null : message.internalDate().toString());
        put(metadata, "text", parsed.body().text());
        put(metadata, "html", parsed.body().html());
        metadata.put("attachments", attachments(parsed.body().attachments()));
        put(metadata, "flags", message.flags());
        metadata.put("folder", folder);
        metadata.put("uid", message.uid());
        metadata.put("size", message.size());
        metadata.put("contentEncoding", content.encoding());
        put(metadata, "truncated", headerOnly ? true : null);
        put(metadata, "problems", parsed.problems());

        return Output.content(externalId, envelope.subject(), content.text())
                .at(time)
                .withMetadata(new JsonObject(metadata));
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
