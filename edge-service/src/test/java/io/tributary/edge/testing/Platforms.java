package io.tributary.edge.testing;

/** Manifests of integrations that take webhooks, as workers announce them. */
public final class Platforms {

    /** v0 signature with a time, and the challenge of the Events API. */
    public static final String SLACK = """
        {"verify": {"method": "hmacSha256", "header": "X-Slack-Signature", "prefix": "v0=",
                    "signed": "v0:{timestamp}:{body}",
                    "timestamp": {"header": "X-Slack-Request-Timestamp", "toleranceSeconds": 300}},
         "challenges": [{"type": "post", "pointer": "/type", "equalTo": "url_verification", "echo": "/challenge"}],
         "dedup": "body.event_id"}
        """;

    /** A signature of the body alone. */
    public static final String GITHUB = """
        {"verify": {"method": "hmacSha256", "header": "X-Hub-Signature-256", "prefix": "sha256="},
         "headers": ["x-github-event", "x-github-delivery"]}
        """;

    /** The same with the challenge of Meta. */
    public static final String FACEBOOK = """
        {"verify": {"method": "hmacSha256", "header": "X-Hub-Signature-256", "prefix": "sha256="},
         "challenges": [{"type": "hub"}], "account": "body.entry.id"}
        """;

    /** A list of a time and signatures. */
    public static final String STRIPE = """
        {"verify": {"method": "hmacSha256", "header": "Stripe-Signature", "field": "v1",
                    "signed": "{timestamp}.{body}", "timestamp": {"header": "Stripe-Signature", "field": "t"}},
         "dedup": "body.id"}
        """;

    /** Challenges by GET, Base64. */
    public static final String TWITTER = """
        {"verify": {"method": "hmacSha256", "header": "x-twitter-webhooks-signature", "prefix": "sha256=",
                    "encoding": "base64"},
         "challenges": [{"type": "crc"}]}
        """;

    /** Signed headers, and a challenge that a header marks. */
    public static final String TWITCH = """
        {"verify": {"method": "hmacSha256", "header": "Twitch-Eventsub-Message-Signature", "prefix": "sha256=",
                    "signed": "{header:Twitch-Eventsub-Message-Id}{timestamp}{body}",
                    "timestamp": {"header": "Twitch-Eventsub-Message-Timestamp", "format": "rfc3339",
                                  "toleranceSeconds": 600}},
         "challenges": [{"type": "post", "header": "Twitch-Eventsub-Message-Type",
                         "equalTo": "webhook_callback_verification", "echo": "/challenge"}]}
        """;

    /** Ed25519, and a ping that expects JSON. */
    public static final String DISCORD = """
        {"verify": {"method": "ed25519", "header": "X-Signature-Ed25519", "signed": "{timestamp}{body}",
                    "timestamp": {"header": "X-Signature-Timestamp"}},
         "challenges": [{"type": "post", "pointer": "/type", "equalTo": "1", "answer": "{\\"type\\":1}"}]}
        """;

    /** The token itself. */
    public static final String TELEGRAM = """
        {"verify": {"method": "token", "header": "X-Telegram-Bot-Api-Secret-Token"}, "dedup": "body.update_id"}
        """;

    private Platforms() {}

    /** A manifest with one of these as its webhook. */
    public static String manifest(String domain, String webhook) {
        return """
            {"domain": "%s", "version": "1", "displayName": "Test", "configSchema": {"type": "object"},
             "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}], "webhook": %s}
            """.formatted(domain, webhook);
    }
}
