package io.tributary.integrations.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the provider's webhooks arrive: how they are verified, what the provider expects as an answer when it checks the
 * address, and the run that a webhook starts. Expressions are JSONata over {@code {headers, body}}: {@code headers} by
 * lower-case name, as far as {@link #headers} names them, and {@code body} the JSON value of the body, or its text
 * where it is no JSON.
 *
 * @param verify how the provider signs its requests
 * @param challenges how the address answers when the provider checks it; each is tried in order. Default none
 * @param headers names of the headers that the expressions use; no other header is kept. Never name the header of a
 *     signature or a token. Default none
 * @param account yields the provider's id of the account that a webhook is about, as {@link Account#id}, or a list of
 *     such ids; needed for webhooks of a provider app, which has one address for all accounts. Null: each account has
 *     an address of its own
 * @param dedup yields a text that two deliveries of the same webhook share, made of what the signature covers. Null:
 *     only an equal body is a repetition
 * @param run the run that a webhook starts
 */
public record Webhook(
        Signature verify,
        List<Challenge> challenges,
        List<String> headers,
        @Nullable String account,
        @Nullable String dedup,
        Start run) {

    public Webhook {
        challenges = List.copyOf(challenges);
        headers = List.copyOf(headers);
        if (headers.stream().anyMatch(verify.header()::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "the header " + verify.header() + " verifies webhooks: it may not be among the headers to keep");
        }
    }

    /** A webhook that starts a run of the default sync type. */
    public Webhook(Signature verify, List<Challenge> challenges, @Nullable String account, @Nullable String dedup) {
        this(verify, challenges, List.of(), account, dedup, Start.SYNC);
    }

    /** How requests are signed. */
    public enum Method {
        /** HMAC with SHA-256. */
        HMAC_SHA256,
        /** HMAC with SHA-1; only for providers without anything better. */
        HMAC_SHA1,
        /** Ed25519; the secret of the endpoint is the provider's public key, 32 bytes in hexadecimal. */
        ED25519,
        /** The header has the secret itself. */
        TOKEN
    }

    /** How a signature is written. */
    public enum Encoding {
        HEX,
        BASE64
    }

    /**
     * Where the signature is, and what it covers.
     *
     * @param method the algorithm
     * @param header name of the header with the signature
     * @param prefix text before the signature, such as {@code sha256=}; default empty
     * @param field key of the signature where the header is a list such as {@code t=1,v1=ab}; it may occur several
     *     times. Null: the header is the signature
     * @param encoding how the signature is written
     * @param signed the signed text: <code>{body}</code>, <code>{timestamp}</code> and
     *     <code>{header:NAME}</code> stand for the parts of the request, as in <code>v0:{timestamp}:{body}</code>.
     *     It must contain <code>{body}</code>, except for a token
     * @param timestamp where the time of the request is; it must be among what is signed. Null: the provider sends none
     */
    public record Signature(
            Method method,
            String header,
            String prefix,
            @Nullable String field,
            Encoding encoding,
            String signed,
            @Nullable Timestamp timestamp) {

        public Signature {
            if (method != Method.TOKEN && !signed.contains("{body}")) {
                throw new IllegalArgumentException("the signature covers '" + signed + "'; it must cover {body}");
            }
            if ((timestamp != null) != signed.contains("{timestamp}")) {
                throw new IllegalArgumentException(
                        "a timestamp and {timestamp} among what is signed need each other: one of them is missing");
            }
        }

        /** The header has the secret itself. */
        public static Signature token(String header) {
            return new Signature(Method.TOKEN, header, "", null, Encoding.HEX, "", null);
        }

        /** The header has the HMAC-SHA256 of the body after a prefix, such as {@code sha256=}. */
        public static Signature ofBody(String header, String prefix, Encoding encoding) {
            return new Signature(Method.HMAC_SHA256, header, prefix, null, encoding, "{body}", null);
        }
    }

    /** How a time is written. */
    public enum TimeFormat {
        /** Seconds since the epoch. */
        SECONDS,
        /** As in RFC 3339. */
        RFC3339
    }

    /**
     * The time of a request.
     *
     * @param header the header with the time
     * @param field its key where the header is a list such as {@code t=1,v1=ab}; null: the header is the time
     * @param format how it is written
     * @param tolerance largest distance from now, above 0 up to 1 hour; a request that is older, or newer, is refused
     */
    public record Timestamp(String header, @Nullable String field, TimeFormat format, Duration tolerance) {

        public Timestamp {
            if (!tolerance.isPositive() || tolerance.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException(
                        "tolerance is " + tolerance + "; it must be above 0 and at most 1 hour");
            }
        }
    }

    /** How the provider checks that the address is ours. */
    public sealed interface Challenge {

        /**
         * A GET with {@code hub.mode=subscribe}, {@code hub.verify_token} and {@code hub.challenge}: the answer is the
         * challenge, if the token is the endpoint's.
         */
        record Hub() implements Challenge {}

        /** A GET with {@code crc_token}: the answer is {@code {"response_token": "sha256=..."}}, its HMAC-SHA256. */
        record Crc() implements Challenge {}

        /**
         * A signed POST that is a challenge, not a webhook.
         *
         * @param header name of a header that marks it; null: a value of the body does
         * @param pointer JSON pointer of the value that marks it; null: the header does
         * @param equalTo the text or number of that header or value
         * @param echo JSON pointer of the text that is the answer; null: {@code answer} is
         * @param answer JSON text that is the answer; null: {@code echo} is. Both null: the answer is empty
         */
        record Post(
                @Nullable String header,
                @Nullable String pointer,
                String equalTo,
                @Nullable String echo,
                @Nullable String answer)
                implements Challenge {

            public Post {
                if ((header == null) == (pointer == null)) {
                    throw new IllegalArgumentException("a challenge is marked by a header or by a value of the body");
                }
            }
        }
    }

    /**
     * The run that a webhook starts. Webhooks of an account that arrive while it has a live run of the same sync type
     * start the next one, together.
     *
     * @param syncType the sync type; null: the default one
     * @param when an expression; a webhook for which it is false starts nothing. Null: each one does
     * @param taskType the task that a webhook becomes; null: the webhook starts a run of the sync type
     * @param payload an expression that yields the payload of that task, an object; null: an empty one. Content of a
     *     webhook may be older than what is stored: a task should fetch the item rather than trust the content
     */
    public record Start(
            @Nullable String syncType,
            @Nullable String when,
            @Nullable String taskType,
            @Nullable String payload) {

        /** A run of the default sync type. */
        public static final Start SYNC = new Start(null, null, null, null);

        void check(Set<String> taskTypes, List<Manifest.SyncType> syncTypes) {
            if (taskType != null && !taskTypes.contains(taskType)) {
                throw new IllegalArgumentException("the webhook's task type " + taskType + " is not declared");
            }
            if (syncTypes.isEmpty()
                    || (syncType != null
                            && syncTypes.stream().noneMatch(type -> type.name().equals(syncType)))) {
                throw new IllegalArgumentException("the webhook needs a sync type that is declared");
            }
        }
    }
}
