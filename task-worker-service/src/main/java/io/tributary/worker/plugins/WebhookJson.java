package io.tributary.worker.plugins;

import io.tributary.integrations.api.Webhook;
import io.tributary.integrations.api.Webhook.Challenge;
import io.tributary.schemas.WebhookDocument;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Converts how webhooks arrive to its form on the topic integrations. */
final class WebhookJson {

    private WebhookJson() {}

    static WebhookDocument of(Webhook webhook) {
        return new WebhookDocument(
                verify(webhook.verify()),
                webhook.challenges().stream().map(WebhookJson::challenge).toList(),
                webhook.headers().stream()
                        .map(header -> header.toLowerCase(Locale.ROOT))
                        .toList(),
                webhook.account(),
                webhook.dedup(),
                new WebhookDocument.Run(
                        webhook.run().syncType(),
                        webhook.run().when(),
                        webhook.run().taskType(),
                        webhook.run().payload()));
    }

    private static WebhookDocument.Verify verify(Webhook.Signature signature) {
        return new WebhookDocument.Verify(
                switch (signature.method()) {
                    case HMAC_SHA256 -> "hmacSha256";
                    case HMAC_SHA1 -> "hmacSha1";
                    case ED25519 -> "ed25519";
                    case TOKEN -> "token";
                },
                signature.header(),
                signature.prefix(),
                signature.field(),
                switch (signature.encoding()) {
                    case HEX -> "hex";
                    case BASE64 -> "base64";
                },
                signature.signed(),
                timestamp(signature.timestamp()));
    }

    private static WebhookDocument.@Nullable Timestamp timestamp(Webhook.@Nullable Timestamp timestamp) {
        return timestamp == null
                ? null
                : new WebhookDocument.Timestamp(
                        timestamp.header(),
                        timestamp.field(),
                        switch (timestamp.format()) {
                            case SECONDS -> "seconds";
                            case RFC3339 -> "rfc3339";
                        },
                        timestamp.tolerance().toSeconds());
    }

    private static WebhookDocument.Challenge challenge(Challenge challenge) {
        return switch (challenge) {
            case Challenge.Hub() -> new WebhookDocument.Challenge("hub", null, null, null, null, null);
            case Challenge.Crc() -> new WebhookDocument.Challenge("crc", null, null, null, null, null);
            case Challenge.Post post ->
                new WebhookDocument.Challenge(
                        "post", post.header(), post.pointer(), post.equalTo(), post.echo(), post.answer());
        };
    }
}
