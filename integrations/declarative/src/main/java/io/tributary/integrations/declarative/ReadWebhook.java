package io.tributary.integrations.declarative;

import io.tributary.expressions.BoundedJsonata;
import io.tributary.expressions.SyntaxException;
import io.tributary.integrations.api.Webhook;
import io.tributary.integrations.api.Webhook.Challenge;
import io.tributary.integrations.api.Webhook.Encoding;
import io.tributary.integrations.api.Webhook.Method;
import io.tributary.integrations.api.Webhook.Signature;
import io.tributary.integrations.api.Webhook.Start;
import io.tributary.integrations.api.Webhook.TimeFormat;
import io.tributary.integrations.api.Webhook.Timestamp;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how the webhooks of the provider arrive. Its expressions have no variables: they run in the scheduler. */
record ReadWebhook(Section root) {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Null: the file has none, or what it has is wrong and was noted. */
    @Nullable
    Webhook read() {
        if (!root.has("webhook")) {
            return null;
        }
        Section webhook = root.section("webhook");
        Section run = webhook.section("run");
        try {
            return new Webhook(
                    signature(webhook.section("verify")),
                    webhook.sections("challenges").stream()
                            .map(ReadWebhook::challenge)
                            .toList(),
                    webhook.texts("headers"),
                    expression(webhook, "account"),
                    expression(webhook, "dedup"),
                    new Start(
                            run.text("syncType").orElse(null),
                            expression(run, "when"),
                            run.text("task").orElse(null),
                            expression(run, "payload")));
        } catch (IllegalArgumentException e) {
            webhook.report(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static Signature signature(Section verify) {
        String header = verify.require("header");
        if (verify.require("method").equals("token")) {
            return Signature.token(header);
        }
        return new Signature(
                switch (verify.require("method")) {
                    case "hmacSha1" -> Method.HMAC_SHA1;
                    case "ed25519" -> Method.ED25519;
                    default -> Method.HMAC_SHA256;
                },
                header,
                verify.text("prefix").orElse(""),
                verify.text("field").orElse(null),
                verify.text("encoding").orElse("hex").equals("base64") ? Encoding.BASE64 : Encoding.HEX,
                verify.text("signed").orElse("{body}"),
                verify.has("timestamp") ? timestamp(verify.section("timestamp")) : null);
    }

    private static Timestamp timestamp(Section timestamp) {
        return new Timestamp(
                timestamp.require("header"),
                timestamp.text("field").orElse(null),
                timestamp.text("format").orElse("seconds").equals("rfc3339") ? TimeFormat.RFC3339 : TimeFormat.SECONDS,
                timestamp.duration("tolerance", TOLERANCE));
    }

    private static Challenge challenge(Section challenge) {
        return switch (challenge.require("type")) {
            case "hub" -> new Challenge.Hub();
            case "crc" -> new Challenge.Crc();
            default ->
                new Challenge.Post(
                        challenge.text("header").orElse(null),
                        challenge.text("pointer").orElse(null),
                        challenge.require("equals"),
                        challenge.text("echo").orElse(null),
                        challenge.text("answer").orElse(null));
        };
    }

    private static @Nullable String expression(Section section, String key) {
        String text = section.text(key).orElse(null);
        try {
            if (text != null) {
                BoundedJsonata.compile(text, Set.of());
            }
        } catch (SyntaxException e) {
            section.report(key, e.reason());
        }
        return text;
    }
}
