package io.tributary.edge.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.edge.testing.Platforms;
import io.tributary.schemas.WebhookDocument;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class VerifySignatureTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final Instant NOW = Instant.ofEpochSecond(1_531_420_618);

    /** The example of Slack's page "Verifying requests from Slack". */
    private static final String SLACK_BODY = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J"
            + "%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
            + ".803a0bc887a14d10d2c447fce8b6703c";

    private static final String SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final String SLACK_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    /** The example of GitHub's page "Validating webhook deliveries". */
    private static final String GITHUB_SIGNATURE =
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    @Test
    void knowsSlacksExample() {
        var headers = Map.of("X-Slack-Signature", SLACK_SIGNATURE, "X-Slack-Request-Timestamp", "1531420618");

        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY)).isTrue();
        assertThat(holds(Platforms.SLACK, "another", headers, SLACK_BODY)).isFalse();
        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY + " "))
                .isFalse();
    }

    @Test
    void refusesAReplayOutsideOfTheTolerance() {
        var headers = Map.of("X-Slack-Signature", SLACK_SIGNATURE, "X-Slack-Request-Timestamp", "1531420618");

        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY, NOW.plusSeconds(300)))
                .isTrue();
        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY, NOW.plusSeconds(301)))
                .isFalse();
        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY, NOW.minusSeconds(301)))
                .isFalse();
    }

    @Test
    void refusesAnotherTimeThanTheSignedOne() {
        var headers = Map.of("X-Slack-Signature", SLACK_SIGNATURE, "X-Slack-Request-Timestamp", "1531420619");

        assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY)).isFalse();
    }

    @Test
    void refusesTimesThatAreNone() {
        for (String time : new String[] {"", "x", "-1", "9223372036854775807", "99999999999999999999", "1e9"}) {
            var headers = Map.of("X-Slack-Signature", SLACK_SIGNATURE, "X-Slack-Request-Timestamp", time);
            assertThat(holds(Platforms.SLACK, SLACK_SECRET, headers, SLACK_BODY))
                    .as(time)
                    .isFalse();
        }
        assertThat(holds(Platforms.SLACK, SLACK_SECRET, Map.of("X-Slack-Signature", SLACK_SIGNATURE), SLACK_BODY))
                .isFalse();
    }

    @Test
    void knowsGitHubsExample() {
        String secret = "It's a Secret to Everybody";

        assertThat(holds(Platforms.GITHUB, secret, Map.of("x-hub-signature-256", GITHUB_SIGNATURE), "Hello, World!"))
                .isTrue();
        for (String forged : new String[] {
            "",
            "sha256=",
            "sha256=00",
            "sha1=" + GITHUB_SIGNATURE.substring(7),
            GITHUB_SIGNATURE.substring(7),
            "sha256=zz"
        }) {
            assertThat(holds(Platforms.GITHUB, secret, Map.of("x-hub-signature-256", forged), "Hello, World!"))
                    .as(forged)
                    .isFalse();
        }
        assertThat(holds(Platforms.GITHUB, secret, Map.of(), "Hello, World!")).isFalse();
    }

    @Test
    void acceptsAnyOfStripesSignatures() throws Exception {
        String signature = hex(hmac("whsec_1", "1531420618.{\"id\":\"evt_1\"}"));
        var rotated = Map.of("Stripe-Signature", "t=1531420618,v1=00ff,v1=" + signature + ",v0=ab");

        assertThat(holds(Platforms.STRIPE, "whsec_1", rotated, "{\"id\":\"evt_1\"}"))
                .isTrue();
        assertThat(holds(Platforms.STRIPE, "whsec_2", rotated, "{\"id\":\"evt_1\"}"))
                .isFalse();
        // The field of an older scheme does not count.
        assertThat(holds(
                        Platforms.STRIPE,
                        "whsec_1",
                        Map.of("Stripe-Signature", "t=1531420618,v0=" + signature),
                        "{\"id\":\"evt_1\"}"))
                .isFalse();
    }

    @Test
    void looksAtThePartsThatTwitchSigns() throws Exception {
        String time = "2018-07-12T18:36:58.123456789Z";
        var headers = new TreeMap<>(Map.of(
                "Twitch-Eventsub-Message-Id",
                "e76c6bd4",
                "Twitch-Eventsub-Message-Timestamp",
                time,
                "Twitch-Eventsub-Message-Signature",
                "sha256=" + hex(hmac("s3cre77890", "e76c6bd4" + time + "{}"))));

        assertThat(holds(Platforms.TWITCH, "s3cre77890", headers, "{}")).isTrue();
        headers.put("Twitch-Eventsub-Message-Id", "another");
        assertThat(holds(Platforms.TWITCH, "s3cre77890", headers, "{}")).isFalse();
    }

    @Test
    void decodesTheBase64OfX() throws Exception {
        String signature = "sha256=" + Base64.getEncoder().encodeToString(hmac("consumer", "{}"));

        assertThat(holds(Platforms.TWITTER, "consumer", Map.of("x-twitter-webhooks-signature", signature), "{}"))
                .isTrue();
    }

    @Test
    void verifiesEd25519() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = keys.getPublic().getEncoded();
        String key = hex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update("1531420618{\"type\":1}".getBytes(UTF_8));
        var headers = Map.of("X-Signature-Ed25519", hex(signer.sign()), "X-Signature-Timestamp", "1531420618");

        assertThat(holds(Platforms.DISCORD, key, headers, "{\"type\":1}")).isTrue();
        assertThat(holds(Platforms.DISCORD, key, headers, "{\"type\":2}")).isFalse();
        assertThat(holds(Platforms.DISCORD, "00" + key.substring(2), headers, "{\"type\":1}"))
                .isFalse();
        assertThat(holds(Platforms.DISCORD, "no key", headers, "{\"type\":1}")).isFalse();
    }

    @Test
    void comparesTokens() {
        assertThat(holds(Platforms.TELEGRAM, "abc", Map.of("x-telegram-bot-api-secret-token", "abc"), "{}"))
                .isTrue();
        assertThat(holds(Platforms.TELEGRAM, "abc", Map.of("x-telegram-bot-api-secret-token", "ab"), "{}"))
                .isFalse();
    }

    @Test
    void refusesRulesThatDoNotCoverTheRequest() {
        for (String verify : new String[] {
            "{\"method\": \"md5\", \"header\": \"a\"}",
            "{\"method\": \"hmacSha256\", \"header\": \"a\", \"signed\": \"{timestamp}\","
                    + " \"timestamp\": {\"header\": \"t\"}}",
            "{\"method\": \"hmacSha256\", \"header\": \"a\", \"timestamp\": {\"header\": \"t\"}}",
            "{\"method\": \"hmacSha256\", \"header\": \"a\", \"encoding\": \"rot13\"}"
        }) {
            assertThatThrownBy(() -> rules("{\"verify\": " + verify + "}"))
                    .as(verify)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static boolean holds(String webhook, String secret, Map<String, String> headers, String body) {
        return holds(webhook, secret, headers, body, NOW);
    }

    private static boolean holds(String webhook, String secret, Map<String, String> headers, String body, Instant now) {
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        return VerifySignature.holds(rules(webhook), secret, new Received(anyCase::get, body.getBytes(UTF_8), now));
    }

    private static Rules rules(String webhook) {
        return Rules.of(JSON.readValue(webhook, WebhookDocument.class));
    }

    private static byte[] hmac(String secret, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
