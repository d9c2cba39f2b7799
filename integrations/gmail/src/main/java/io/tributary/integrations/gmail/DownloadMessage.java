package io.tributary.integrations.gmail;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.mail.ByteSlice;
import io.tributary.integrations.mail.MailMetadata;
import io.tributary.integrations.mail.ParsedMessage;
import io.tributary.integrations.mail.RawText;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a message and makes an output of it.
 *
 * <ul>
 *   <li>The external id is Gmail's id of the message, the external timestamp its {@code internalDate}: when Gmail
 *       received it.
 *   <li>The content is the raw source: as UTF-8 if it is that, else one character a byte ({@code contentEncoding}
 *       {@code UTF-8} or {@code ISO-8859-1}).
 *   <li>The metadata is that of {@link MailMetadata}, and {@code threadId} and {@code labelIds[]} as Gmail has them,
 *       {@code snippet}, {@code date} (the external timestamp) and {@code size}, bytes of the source.
 * </ul>
 */
record DownloadMessage(GmailApi mailbox, Options options) {

    static final String TYPE = "downloadEmail";

    static FollowUp of(String id) {
        return FollowUp.of(TYPE, "emailId", id);
    }

    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        String id = payload.requireText("emailId");
        Optional<JsonObject> message = mailbox.message(id);
        if (message.isEmpty()) {
            return TaskResult.nothing(); // Deleted since it was listed; the next run's history says so.
        }
        @Nullable
        Instant received = message.get()
                .text("internalDate")
                .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                .orElse(null);
        return options.includes(received)
                ? TaskResult.ofOutputs(List.of(output(id, message.get(), received)))
                : TaskResult.nothing();
    }

    private static Output output(String id, JsonObject message, @Nullable Instant received) {
        byte[] source = Base64.getUrlDecoder().decode(message.requireText("raw"));
        var slice = ByteSlice.of(source);
        ParsedMessage parsed = ParsedMessage.read(slice);
        RawText content = RawText.of(slice);
        var metadata = new MailMetadata(parsed)
                .put("threadId", message.text("threadId").orElse(id))
                .put("labelIds", message.texts("labelIds").stream().sorted().toList())
                .put("snippet", message.text("snippet").orElse(null))
                .put("date", received)
                .put("size", source.length)
                .put("contentEncoding", content.encoding());
        return Output.content(id, parsed.envelope().subject(), content.text())
                .at(received)
                .withMetadata(new JsonObject(metadata.values()));
    }
}
