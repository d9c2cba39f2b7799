package io.tributary.integrations.imap;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.mail.Envelope;
import io.tributary.integrations.mail.MailMetadata;
import io.tributary.integrations.mail.ParsedMessage;
import io.tributary.integrations.mail.RawText;
import java.time.Instant;

/**
 * Makes an output of a message.
 *
 * <ul>
 *   <li>The external id is {@code folder:uidvalidity:uid}, and the external timestamp the Date header, or INTERNALDATE
 *       for a message without a usable one.
 *   <li>The content is the raw source, from first to last byte: as UTF-8 if it is that, else one character a byte
 *       ({@code contentEncoding} {@code UTF-8} or {@code ISO-8859-1}); encoded that way it is the source again, of
 *       {@code size} bytes.
 *   <li>The metadata is that of {@link MailMetadata}, and {@code threadId}: the first of References, else In-Reply-To,
 *       else the message's own id, else its external id.
 *   <li>{@code date} is the external timestamp, {@code receivedAt} INTERNALDATE, both ISO 8601 in UTC.
 *   <li>{@code flags[]} are those at the time of the download, and {@code truncated} says that the message is too
 *       large: its content is the header, {@code size} that of the whole.
 * </ul>
 */
record MessageOutput(String folder, long uidValidity) {

    String externalId(long uid) {
        return folder + ":" + uidValidity + ":" + uid;
    }

    Output of(Fetched message, boolean headerOnly) {
        ParsedMessage parsed =
                headerOnly ? ParsedMessage.readHeader(message.source()) : ParsedMessage.read(message.source());
        Envelope envelope = parsed.envelope();
        String externalId = externalId(message.uid());
        Instant time = envelope.date() == null ? message.internalDate() : envelope.date();
        RawText content = RawText.of(message.source());

        var metadata = new MailMetadata(parsed)
                .put("threadId", envelope.threadId().orElse(externalId))
                .put("date", time)
                .put("receivedAt", message.internalDate())
                .put("flags", message.flags())
                .put("folder", folder)
                .put("uid", message.uid())
                .put("size", message.size())
                .put("contentEncoding", content.encoding())
                .put("truncated", headerOnly ? true : null);

        return Output.content(externalId, envelope.subject(), content.text())
                .at(time)
                .withMetadata(new JsonObject(metadata.values()));
    }
}
