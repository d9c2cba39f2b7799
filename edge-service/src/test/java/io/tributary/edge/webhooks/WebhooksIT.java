package io.tributary.edge.webhooks;

import static io.tributary.edge.testing.RunningEdge.hmac;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.edge.testing.Platforms;
import io.tributary.edge.testing.RunningEdge;
import io.tributary.edge.testing.RunningEdge.Answer;
import io.tributary.edge.testing.RunningEdge.Servers;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks as providers send them, over HTTP, up to the topic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {

    @TempDir
    private static Path folder;

    private RunningEdge edge;

    @BeforeAll
    void start() {
        edge = RunningEdge.start(
                folder,
                new Servers(
                        TestServers.kafka().bootstrapServers(),
                        TestServers.registry().url()),
                Map.of(
                        "slack", Platforms.SLACK,
                        "github", Platforms.GITHUB,
                        "facebook", Platforms.FACEBOOK,
                        "stripe", Platforms.STRIPE,
                        "twitter", Platforms.TWITTER,
                        "twitch", Platforms.TWITCH,
                        "telegram", Platforms.TELEGRAM),
                Map.of("tributary.edge.body-timeout", "1s"));
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private Answer slack(String path, String secret, long time, String body) {
        return edge.post(
                path,
                body,
                "X-Slack-Request-Timestamp",
                Long.toString(time),
                "X-Slack-Signature",
                "v0=" + hmac(secret, "v0:" + time + ":" + body));
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static String unique() {
        return "{\"event_id\": \"" + UUID.randomUUID() + "\"}";
    }

    @Test
    void storesASlackEventAndRefusesForgedAndOldOnes() {
        String path = edge.endpoint("slack", "signing");
        String body = unique();
        String forged = unique();

        assertThat(slack(path, "signing", now(), body).status()).isEqualTo(200);
        assertThat(slack(path, "guessed", now(), forged).status()).isEqualTo(400);
        assertThat(slack(path, "signing", now() - 400, forged).status()).isEqualTo(400);
        assertThat(slack(path, "signing", now() + 400, forged).status()).isEqualTo(400);
        var refused = edge.post(path, forged);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.body()).contains("webhooks.badSignature");
        assertThat(edge.storedBodies()).contains(body).doesNotContain(forged);
    }

    @Test
    void answersSlacksChallengeOnlyIfItIsSigned() {
        String path = edge.endpoint("slack", "signing");
        String body =
                "{\"type\": \"url_verification\", \"challenge\": \"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7\"}";

        var answer = slack(path, "signing", now(), body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7");
        assertThat(slack(path, "guessed", now(), body).status()).isEqualTo(400);
        assertThat(edge.storedBodies()).doesNotContain(body);
    }

    @Test
    void keepsTheHeadersOfGitHubThatAreNamedAndNoOther() {
        String path = edge.endpoint("github", "hush");
        String body = unique();
        String signature = "sha256=" + hmac("hush", body);

        assertThat(edge.post(path, body, "X-Hub-Signature-256", signature, "X-GitHub-Event", "push", "Cookie", "a=b")
                        .status())
                .isEqualTo(200);

        var stored = edge.stored().stream()
                .filter(it -> path.endsWith(it.getEndpoint().toString()))
                .toList();
        assertThat(stored).singleElement().satisfies(it -> {
            assertThat(it.getHeaders()).containsExactly(Map.entry("x-github-event", "push"));
            assertThat(it.getDomain()).isEqualTo("github");
            assertThat(it.getUserIntegrationId()).isNotNull();
        });
    }

    @Test
    void answersMetasChallengeWithTheTokenOnly() {
        String path = edge.endpoint("facebook", null, "{\"secret\": \"app\", \"verifyToken\": \"meat\"}");
        String query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";

        var answer = edge.get(path + query + "meat");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("1158201444");
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(edge.get(path + query + "meet").status()).isEqualTo(400);
        assertThat(edge.get(path).status()).isEqualTo(400);
    }

    @Test
    void findsTheProviderAppOfTheSharedAddressByItsSecret() {
        edge.endpoint("facebook", null, "{\"secret\": \"app-1\", \"verifyToken\": \"one\"}");
        String other = edge.endpoint("facebook", null, "{\"secret\": \"app-2\", \"verifyToken\": \"two\"}");
        String body = unique();

        assertThat(edge.get("/social-activity/webhook?hub.mode=subscribe&hub.challenge=7&hub.verify_token=two")
                        .body())
                .isEqualTo("7");
        assertThat(edge.post("/social-activity/webhook", body, "X-Hub-Signature-256", "sha256=" + hmac("app-2", body))
                        .status())
                .isEqualTo(200);
        assertThat(edge.post("/social-activity/webhook", body, "X-Hub-Signature-256", "sha256=" + hmac("app-3", body))
                        .status())
                .isEqualTo(400);
        assertThat(edge.post("/social-activity/webhook", body).status()).isEqualTo(400);
        assertThat(edge.stored())
                .filteredOn(it -> other.endsWith(it.getEndpoint().toString()))
                .singleElement()
                .satisfies(it -> assertThat(it.getUserIntegrationId()).isNull());
    }

    @Test
    void storesAStripeEvent() {
        String path = edge.endpoint("stripe", "whsec_1");
        String body = unique();
        long time = now();

        assertThat(edge.post(
                                path,
                                body,
                                "Stripe-Signature",
                                "t=" + time + ",v1=" + hmac("whsec_1", time + "." + body) + ",v0=00")
                        .status())
                .isEqualTo(200);
        assertThat(edge.post(path, body, "Stripe-Signature", "t=" + (time + 1) + ",v1=" + hmac("whsec_1", body))
                        .status())
                .isEqualTo(400);
        assertThat(edge.storedBodies()).contains(body);
    }

    @Test
    void answersTheChallengeOfX() {
        String path = edge.endpoint("twitter", "consumer");

        var answer = edge.get(path + "?crc_token=some_crc_token");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"response_token\":\"sha256=" + VerifySignature.hmacBase64("consumer", "some_crc_token")
                        + "\"}");
    }

    @Test
    void signsNoBodyOfAWebhookAsAChallenge() {
        String path = edge.endpoint("twitter", "consumer");

        for (String body : new String[] {"%7B%22for_user_id%22:%221%22%7D", "a%20b", "", "x".repeat(201)}) {
            var answer = edge.get(path + "?crc_token=" + body);

            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body()).contains("webhooks.badChallenge").doesNotContain("sha256");
        }
    }

    @Test
    void storesAWebhookForEachAppWithItsSecret() {
        String one = edge.endpoint("facebook", null, "{\"secret\": \"app-of-two\", \"verifyToken\": \"three\"}");
        String two = edge.endpoint("facebook", null, "{\"secret\": \"app-of-two\", \"verifyToken\": \"four\"}");
        String form = "platform=nobody&id=" + UUID.randomUUID();

        assertThat(edge.post(
                                "/social-activity/webhook",
                                form,
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "X-Hub-Signature-256",
                                "sha256=" + hmac("app-of-two", form))
                        .status())
                .isEqualTo(200);

        for (String path : new String[] {one, two}) {
            assertThat(edge.stored())
                    .filteredOn(it -> path.endsWith(it.getEndpoint().toString()))
                    .singleElement()
                    .satisfies(it -> assertThat(text(it.getBody())).isEqualTo(form));
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Test
    void answersTheChallengeOfTwitch() {
        String path = edge.endpoint("twitch", "s3cre77890");
        String body = "{\"challenge\": \"pogchamp-kappa-360noscope-vohiyo\"}";
        String time = Instant.now().toString();

        var answer = edge.post(
                path,
                body,
                "Twitch-Eventsub-Message-Id",
                "1",
                "Twitch-Eventsub-Message-Type",
                "webhook_callback_verification",
                "Twitch-Eventsub-Message-Timestamp",
                time,
                "Twitch-Eventsub-Message-Signature",
                "sha256=" + hmac("s3cre77890", "1" + time + body));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("pogchamp-kappa-360noscope-vohiyo");
    }

    @Test
    void neverStoresATelegramToken() {
        String path = edge.endpoint("telegram", "token-0123");
        String body = unique();

        assertThat(edge.post(path, body, "X-Telegram-Bot-Api-Secret-Token", "token-0123")
                        .status())
                .isEqualTo(200);
        assertThat(edge.stored().toString()).doesNotContain("token-0123");
        assertThat(edge.storedBodies()).contains(body);
    }

    @Test
    void knowsNoOtherAddress() {
        String path = edge.endpoint("telegram", "token");

        for (String unknown : new String[] {
            path + "/x",
            path.replace("telegram", "slack"),
            path.substring(0, path.length() - 1) + "z",
            "/webhooks",
            "/webhooks/telegram/" + UUID.randomUUID(),
            "/webhooks/telegram/x"
        }) {
            assertThat(edge.post(unknown, "{}", "X-Telegram-Bot-Api-Secret-Token", "token")
                            .status())
                    .as(unknown)
                    .isEqualTo(404);
        }
        assertThat(edge.get("/actuator/health").status()).isEqualTo(404);
    }

    @Test
    void forgetsADeletedEndpoint() {
        String path = edge.endpoint("telegram", "token");

        edge.deleteEndpoint(path);

        await().atMost(Duration.ofSeconds(30))
                .until(() -> edge.post(path, "{}", "X-Telegram-Bot-Api-Secret-Token", "token")
                                .status()
                        == 404);
    }

    @Test
    void takesABodyOfOneMegabyteAndNoLargerOne() {
        String path = edge.endpoint("telegram", "token");

        assertThat(edge.post(path, "x".repeat(1024 * 1024), "X-Telegram-Bot-Api-Secret-Token", "token")
                        .status())
                .isEqualTo(200);
        assertThat(edge.post(path, "x".repeat(1024 * 1024 + 1), "X-Telegram-Bot-Api-Secret-Token", "token")
                        .status())
                .isIn(413, -1); // the connection is closed while the body is sent
    }

    @Test
    void cutsASlowClientOff() throws Exception {
        String path = edge.endpoint("telegram", "token");
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), edge.uri(path).getPort())) {
            socket.setSoTimeout(60_000);
            var out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                            + "X-Telegram-Bot-Api-Secret-Token: token\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            try (var trickle = Executors.newSingleThreadScheduledExecutor()) {
                // The first failure ends it: the server has closed the connection.
                var _ = trickle.scheduleWithFixedDelay(() -> send(out, 'x'), 0, 100, TimeUnit.MILLISECONDS);
                assertThat(statusLine(socket.getInputStream())).contains(" 408");
            }
        }
    }

    private static void send(OutputStream out, char character) {
        try {
            out.write(character);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String statusLine(InputStream in) throws Exception {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
