package io.tributary.schemas;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a provider's webhooks arrive: the key {@code webhook} of a manifest on the topic integrations. A reader ignores
 * unknown keys.
 *
 * @param verify how its requests are signed
 * @param challenges how the address answers when the provider checks it; default none
 * @param headers lower-case names of the headers that expressions use; default none
 * @param account JSONata that yields the provider's id of the account, or a list of ids; null: none
 * @param dedup JSONata that yields what deliveries of the same webhook share; null: their body
 * @param run the run that a webhook starts; default a run of the default sync type
 */
public record WebhookDocument(
        Verify verify,
        List<Challenge> challenges,
        List<String> headers,
        @Nullable String account,
        @Nullable String dedup,
        Run run) {

    /** @throws IllegalArgumentException when it does not say how requests are signed */
    public WebhookDocument {
        if (verify == null) {
            throw new IllegalArgumentException("the webhook has no verify");
        }
        challenges = challenges == null ? List.of() : List.copyOf(challenges);
        headers = headers == null ? List.of() : List.copyOf(headers);
        run = Objects.requireNonNullElse(run, new Run(null, null, null, null));
    }

    /**
     * How requests are signed.
     *
     * @param method {@code hmacSha256}, {@code hmacSha1}, {@code ed25519} or {@code token}
     * @param header name of the header with the signature
     * @param prefix text before the signature; default empty
     * @param field key of the signature where the header is a list such as {@code t=1,v1=ab}; null: none
     * @param encoding {@code hex}, the default, or {@code base64}
     * @param signed the signed text, with <code>{body}</code>, <code>{timestamp}</code> and
     *     <code>{header:NAME}</code>; default the body
     * @param timestamp where the time is; null: none is sent
     */
    public record Verify(
            String method,
            String header,
            String prefix,
            @Nullable String field,
            String encoding,
            String signed,
            @Nullable Timestamp timestamp) {

        public Verify {
            if (method == null || header == null) {
                throw new IllegalArgumentException("the webhook's verify has no method or no header");
            }
            prefix = Objects.requireNonNullElse(prefix, "");
            encoding = Objects.requireNonNullElse(encoding, "hex");
            signed = Objects.requireNonNullElse(signed, "{body}");
        }
    }

    /**
     * The time of a request.
     *
     * @param field its key where the header is a list; null: none
     * @param format {@code seconds}, the default, or {@code rfc3339}
     * @param toleranceSeconds largest distance from now; default 300
     */
    public record Timestamp(String header, @Nullable String field, String format, long toleranceSeconds) {

        public Timestamp {
            format = Objects.requireNonNullElse(format, "seconds");
            toleranceSeconds = toleranceSeconds <= 0 ? 300 : toleranceSeconds;
        }
    }

    /**
     * How the provider checks the address.
     *
     * @param type {@code hub}, {@code crc} or {@code post}
     * @param header header that marks a post; null: none
     * @param pointer JSON pointer of the value that marks a post; null: none
     * @param equalTo the text of that header or value
     * @param echo JSON pointer of the text that is the answer; null: none
     * @param answer JSON text that is the answer; null: none
     */
    public record Challenge(
            String type,
            @Nullable String header,
            @Nullable String pointer,
            @Nullable String equalTo,
            @Nullable String echo,
            @Nullable String answer) {}

    /**
     * The run that a webhook starts.
     *
     * @param syncType null: the default one
     * @param when JSONata; a webhook for which it is false starts nothing. Null: each one does
     * @param taskType null: the initial task of the sync type
     * @param payload JSONata that yields the payload of {@code taskType}; null: an empty object
     */
    public record Run(
            @Nullable String syncType,
            @Nullable String when,
            @Nullable String taskType,
            @Nullable String payload) {}

    /**
     * The part of a manifest that is about webhooks.
     *
     * @param domain identity of the integration
     * @param webhook null: it takes none
     */
    public record OfManifest(String domain, @Nullable WebhookDocument webhook) {

        public OfManifest {
            Objects.requireNonNull(domain, "the manifest has no domain");
        }
    }
}
