package io.tributary.integrations.declarative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped channels: their requests are as the providers describe them, and answers mean what they say. */
class ChannelsIT {

    private static final String MAIL =
            "{\"to\": {\"email\": \"ada@example.org\"}, \"subject\": \"Hi\", \"text\": \"a & b\", \"html\": \"<b>a</b>\"}";
    private static final String SMS = "{\"to\": {\"phone\": \"+4915123456789\"}, \"text\": \"Your code is 7\"}";

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @Test
    void sendgridSendsBothTexts() throws Exception {
        try (var channel = new Channel("sendgrid", "send", Map.of("apiKey", "SG.key-of-tests"))
                .described("sendgrid")
                .config("from", "us@example.org")) {
            channel.http.post(
                    "/v3/mail/send", request -> ScriptedAnswer.status(202).header("X-Message-Id", "mid-1"));
            channel.http.get("/v3/scopes", request -> ScriptedAnswer.json("scopes", List.of("mail.send")));

            assertThat(channel.send(MAIL).name()).isEqualTo("mid-1");
            channel.account.identify();

            var sent = channel.http.requests("/v3/mail/send").getFirst();
            assertThat(sent.header("Authorization")).contains("Bearer SG.key-of-tests");
            assertThat(sent.json().toJson())
                    .contains("\"to\":[{\"email\":\"ada@example.org\"}]")
                    .contains("\"custom_args\":{\"tributary_key\":\"notification:7\"}")
                    .contains("\"subject\":\"Hi\"")
                    .contains("[{\"type\":\"text/plain\",\"value\":\"a & b\"},"
                            + "{\"type\":\"text/html\",\"value\":\"<b>a</b>\"}]");
            channel.config("replyTo", "answers@example.org").config("fromName", "Us");
            channel.send("{\"to\": {\"email\": \"ada@example.org\"}, \"text\": \"only\"}");
            assertThat(channel.sent().json().toJson())
                    .contains("\"reply_to\":{\"email\":\"answers@example.org\"}")
                    .contains("\"content\":[{\"type\":\"text/plain\",\"value\":\"only\"}]");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | {"errors": [{"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}]} | invalidRecipient | Permanent
            400 | {"errors": [{"message": "The subject is required.", "field": "subject"}]}  | invalidMessage     | Permanent
            400 | {"errors": [{"message": "Does not contain a valid address.", "field": "reply_to.email"}]} \
            | invalidMessage | Permanent
            400 | {"errors": [{"message": "The subject is required.", "field": "subject"}, \
            {"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}]} \
            | invalidRecipient | Permanent
            413 | {"errors": [{"message": "too large", "field": null}]}                      | messageTooLarge    | Permanent
            403 | {"errors": [{"message": "The from address does not match a verified Sender Identity.", "field": "from"}]} | senderNotVerified | Misconfigured
            403 | {"errors": [{"message": "access forbidden", "field": null}]}               | requestRefused     | Permanent
            401 | {"errors": [{"message": "Maximum credits exceeded", "field": null}]}       | creditsExceeded    | RetryLater
            401 | {"errors": [{"message": "authorization required", "field": null}]}         | authFailed         | Unauthorized
            """)
    void sendgridSaysWhy(int status, String body, String code, String kind) {
        try (var channel = new Channel("sendgrid", "send", Map.of("apiKey", "SG.key-of-tests")).described("sendgrid")) {
            channel.http.post(
                    "/v3/mail/send", request -> ScriptedAnswer.json(body).withStatus(status));

            isFailure(channel.fails(MAIL), "sendgrid." + code, kind);
        }
    }

    @Test
    void slackPostsToTheUrlAndEscapesTheText() throws Exception {
        try (var channel = new Channel(
                "slack-webhook",
                "send",
                Map.of("webhookUrl", "https://hooks.slack.com/services/T00000000/B00000000/secretsecretsecret"))) {
            channel.http.post(
                    "/services/T00000000/B00000000/secretsecretsecret",
                    request -> ScriptedAnswer.status(200).body("text/html", "ok"));

            assertThat(channel.send("{\"to\": {}, \"subject\": \"Disk\", \"text\": \"<!channel> a & b\"}")
                            .externalId())
                    .isEqualTo("notification:7");

            assertThat(channel.sent().json()).isEqualTo(JsonObject.of("text", "*Disk*\n&lt;!channel&gt; a &amp; b"));
            channel.send("{\"text\": \"x\", \"data\": {\"blocks\": [{\"type\": \"divider\"}]}}");
            assertThat(channel.sent().json().objects("blocks")).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404, no_service, noService, Unauthorized",
        "403, invalid_token, noService, Unauthorized",
        "410, channel_is_archived, channelGone, Permanent",
        "404, channel_not_found, channelGone, Permanent",
        "403, action_prohibited, notAllowed, Permanent",
        "400, invalid_payload, invalidMessage, Permanent",
        "429, rate_limited, rateLimited, RetryLater",
        "500, rollup_error, providerFailed, Transient"
    })
    void slackSaysWhyAndTheUrlIsASecret(int status, String body, String code, String kind) {
        try (var channel = new Channel(
                "slack-webhook",
                "send",
                Map.of("webhookUrl", "https://hooks.slack.com/services/T00000000/B00000000/secretsecretsecret"))) {
            channel.http.post(
                    "/services/T00000000/B00000000/secretsecretsecret",
                    request -> ScriptedAnswer.status(status).body("text/html", body));

            isFailure(channel.fails("{\"text\": \"x\"}"), "slack-webhook." + code, kind);
        }
    }

    @Test
    void aUrlGoesToItsOwnHostUnlessTheConfigNamesOne() throws Exception {
        try (var channel = new Channel("slack-webhook", "send", Map.of())) {
            channel.http.post("/hook/x", request -> ScriptedAnswer.status(200).body("text/plain", "ok"));
            channel.config("baseUrl", "https://hooks.slack.com");
            channel.account.credentials(Map.of("webhookUrl", channel.http.uri("/hook/x?a=b%20c") + " \n"));

            channel.send("{\"text\": \"x\"}");

            assertThat(channel.sent().query("a")).contains("b c");
            for (String url : List.of("no url", "ftp://a/b", "https://hooks.slack.com", "https://hooks.slack.com/")) {
                channel.account.credentials(Map.of("webhookUrl", url));
                TaskFailure failure = channel.fails("{\"text\": \"x\"}");
                isFailure(failure, "slack-webhook.authFailed", "Unauthorized");
            }
        }
    }

    @Test
    void discordPostsToTheUrlAndReturnsTheMessage() throws Exception {
        try (var channel = discord()) {
            channel.http.post(
                    "/api/webhooks/{id}/{token}",
                    request -> ScriptedAnswer.json(JsonObject.of("id", "1300").with("channel_id", "4001")));
            channel.http.get(
                    "/api/webhooks/{id}/{token}",
                    request -> ScriptedAnswer.json(JsonObject.of("id", "77").with("name", "Alerts")));

            var effect = channel.send("{\"subject\": \"Disk\", \"text\": \"@everyone full\"}");

            assertThat(effect.name()).isEqualTo("1300");
            assertThat(effect.metadata().text("channel")).contains("4001");
            assertThat(channel.sent().query("wait")).contains("true");
            assertThat(channel.sent().json().toJson())
                    .isEqualTo("{\"content\":\"**Disk**\\n@everyone full\",\"allowed_mentions\":{\"parse\":[]}}");
            assertThat(channel.account.identify().displayName()).isEqualTo("Alerts");
        }
    }

    private static Channel discord() {
        return new Channel(
                        "discord-webhook",
                        "send",
                        Map.of("webhookUrl", "https://discord.com/api/webhooks/123456789012345678/tokentokentoken"))
                .described("discord-webhook");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            404 | {"message": "Unknown Webhook", "code": 10015}        | unknownWebhook | Unauthorized
            400 | {"message": "Cannot send an empty message", "code": 50006} | invalidMessage | Permanent
            429 | {"message": "You are being rate limited.", "retry_after": 65.5, "global": false} | rateLimited | RetryLater
            """)
    void discordSaysWhy(int status, String body, String code, String kind) {
        try (var channel = discord()) {
            channel.http.post(
                    "/api/webhooks/{id}/{token}",
                    request -> ScriptedAnswer.json(body).withStatus(status));

            TaskFailure failure = channel.fails("{\"text\": \"x\"}");

            isFailure(failure, "discord-webhook." + code, kind);
            if (failure instanceof TaskFailure.RetryLater later) {
                assertThat(later.after()).isGreaterThanOrEqualTo(Duration.ofSeconds(65));
            }
        }
    }

    @Test
    void mailgunSendsTheKeyAndFindsItAmongTheEvents() throws Exception {
        try (var channel = mailgun()) {
            channel.http.post(
                    "/v3/mg.example.org/messages",
                    request -> ScriptedAnswer.json(
                            JsonObject.of("id", "<1@mg.example.org>").with("message", "Queued.")));
            channel.http.get("/v3/mg.example.org/events", request -> ScriptedAnswer.json("items", List.of()));

            assertThat(channel.lookUp(MAIL)).isEmpty();
            assertThat(channel.send(MAIL).name()).isEqualTo("<1@mg.example.org>");

            var sent = channel.sent();
            assertThat(sent.header("Authorization")).contains(basic("api:key-of-tests"));
            assertThat(sent.form("from")).contains("noreply@mg.example.org");
            assertThat(sent.form("to")).contains("ada@example.org");
            assertThat(sent.form("text")).contains("a & b");
            assertThat(sent.form("v:tributary_key")).contains("notification:7");
            String messageId = sent.form("h:Message-Id").orElseThrow();
            assertThat(messageId).matches("<[0-9a-f]{64}@mg[.]example[.]org>");
            assertThat(sent.fields()).doesNotContainKey("h:Reply-To");

            channel.http.get(
                    "/v3/mg.example.org/events",
                    request -> ScriptedAnswer.json(
                            "items", List.of(event("notification:6", "0"), event("notification:7", "1"))));
            assertThat(channel.lookUp(MAIL))
                    .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("<1@mg.example.org>"));
            assertThat(channel.sent().query("recipient")).contains("ada@example.org");
            channel.http.get(
                    "/v3/mg.example.org/events",
                    request -> ScriptedAnswer.json("items", Collections.nCopies(300, event("notification:6", "0"))));
            isFailure(
                    catchThrowableOfType(TaskFailure.class, () -> channel.lookUp(MAIL)),
                    "mailgun.answerUnreadable",
                    "Transient");
        }
    }

    private static Map<String, Object> event(String key, String id) {
        return Map.of(
                "event",
                "accepted",
                "user-variables",
                Map.of("tributary_key", key),
                "message",
                Map.of("headers", Map.of("message-id", id + "@mg.example.org")));
    }

    private static Channel mailgun() {
        return new Channel("mailgun", "send", Map.of("apiKey", "key-of-tests"))
                .described("mailgun")
                .config("domain", "mg.example.org");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"message": "'to' parameter is not a valid address. please check documentation"} | invalidRecipient
            {"message": "from parameter is missing"}                                         | invalidMessage
            """)
    void mailgunSaysWhy(String body, String code) {
        try (var channel = mailgun()) {
            channel.http.post(
                    "/v3/mg.example.org/messages",
                    request -> ScriptedAnswer.json(body).withStatus(400));

            isFailure(channel.fails(MAIL), "mailgun." + code, "Permanent");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada",
                "ada@example.org, bob@example.org",
                "ada@example.org;bob@example.org",
                "Ada <ada@example.org>",
                "ada@example.org\nBcc: bob@example.org",
                "ada@@example.org",
                "friends:ada@example.org"
            })
    void anEmailGoesToOneAddress(String address) throws Exception {
        JsonObject mail = Channel.json(MAIL).with("to", JsonObject.of("email", address));
        try (var mailgun = mailgun();
                var sendgrid = new Channel("sendgrid", "send", Map.of("apiKey", "SG.key-of-tests"))) {
            assertThat(mailgun.fails(mail.toJson()).code()).isEqualTo("mailgun.invalidInput");
            assertThat(sendgrid.fails(mail.toJson()).code()).isEqualTo("sendgrid.invalidInput");
            assertThat(mailgun.http.requests()).isEmpty();
            assertThat(sendgrid.http.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"o'hara+1@mail.example.co.uk", "größe@beispiel.de", "a@b"})
    void anEmailGoesToEveryUsualAddress(String address) throws Exception {
        JsonObject mail = Channel.json(MAIL).with("to", JsonObject.of("email", address));
        try (var channel = mailgun()) {
            channel.http.post(
                    "/v3/mg.example.org/messages",
                    request -> ScriptedAnswer.json("id", "1").withStatus(200));

            channel.send(mail.toJson());

            assertThat(channel.sent().form("to")).contains(address);
        }
    }

    private static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
    private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";

    private static final String SID = "SM0123456789abcdef0123456789abcdef";
    private static final String OTHER = "SM00000000000000000000000000000000";

    private static Channel twilio() {
        return new Channel("twilio", "send", Map.of("authToken", "token-of-tests"))
                .config("accountSid", ACCOUNT)
                .config("from", "+15005550006");
    }

    @Test
    void twilioSendsAndFindsAMessageOfTheDay() throws Exception {
        try (var channel = twilio().described("twilio")) {
            channel.http.post(
                    MESSAGES,
                    request -> ScriptedAnswer.json(JsonObject.of("sid", SID)
                                    .with("status", "queued")
                                    .with("num_segments", "1"))
                            .withStatus(201));
            channel.http.get(MESSAGES, request -> ScriptedAnswer.json("messages", List.of()));

            assertThat(channel.account.identify().id()).isEqualTo(ACCOUNT);
            assertThat(channel.lookUp(SMS)).isEmpty();
            assertThat(channel.send(SMS).name()).isEqualTo(SID);
            assertThat(channel.sent().header("Authorization")).contains(basic(ACCOUNT + ":token-of-tests"));
            assertThat(channel.sent().fields())
                    .containsOnlyKeys("To", "From", "Body")
                    .containsEntry("To", List.of("+4915123456789"));

            channel.http.get(
                    MESSAGES,
                    request -> ScriptedAnswer.json(
                            "messages",
                            List.of(
                                    Map.of("sid", OTHER, "body", "other", "direction", "outbound-api"),
                                    Map.of("sid", SID, "body", "Your code is 7", "direction", "outbound-api"))));
            assertThat(channel.lookUp(SMS))
                    .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(SID));
            assertThat(channel.sent().query("DateSent>").orElseThrow()).hasSize(10);
            channel.http.get(
                    MESSAGES,
                    request -> ScriptedAnswer.json(
                            "messages",
                            Collections.nCopies(
                                    100, Map.of("sid", OTHER, "body", "other", "direction", "outbound-api"))));
            isFailure(
                    catchThrowableOfType(TaskFailure.class, () -> channel.lookUp(SMS)),
                    "twilio.answerUnreadable",
                    "Transient");
            channel.config("messagingServiceSid", "MG0123456789abcdef0123456789abcdef");
            channel.send(SMS);
            assertThat(channel.sent().fields()).containsOnlyKeys("To", "MessagingServiceSid", "Body");
            channel.account.credentials(Map.of("username", "SK1", "password", "secret-of-key"));
            channel.send(SMS);
            assertThat(channel.sent().header("Authorization")).contains(basic("SK1:secret-of-key"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 21211, invalidNumber, Permanent",
        "400, 21614, invalidNumber, Permanent",
        "400, 21610, unsubscribed, Permanent",
        "400, 21408, notReachable, Permanent",
        "400, 21606, invalidSender, Misconfigured",
        "400, 21617, invalidMessage, Permanent",
        "401, 20003, authFailed, Unauthorized",
        "429, 20429, rateLimited, RetryLater",
        "404, 20404, accountNotFound, Misconfigured"
    })
    void twilioSaysWhy(int status, int twilio, String code, String kind) {
        try (var channel = twilio()) {
            channel.http.post(
                    MESSAGES,
                    request -> ScriptedAnswer.json(JsonObject.of("code", twilio)
                                    .with("message", "x")
                                    .with("status", status))
                            .withStatus(status));

            isFailure(channel.fails(SMS), "twilio." + code, kind);
        }
    }

    private static final String PUSH =
            "{\"to\": {\"deviceToken\": \"device-1\"}, \"subject\": \"Hi\", \"text\": \"There\", \"data\": {\"n\": 7, \"s\": \"x\"}}";

    private static Channel fcm() {
        return new Channel("fcm", "send", Map.of("accessToken", "ya29.token-of-tests"))
                .described("fcm")
                .config("projectId", "shop-1");
    }

    @Test
    void fcmSendsANotificationThatReplacesItself() throws Exception {
        try (var channel = fcm()) {
            channel.http.post(
                    "/v1/projects/shop-1/messages:send",
                    request -> ScriptedAnswer.json("name", "projects/shop-1/messages/9"));

            assertThat(channel.send(PUSH).name()).isEqualTo("projects/shop-1/messages/9");

            assertThat(channel.sent().header("Authorization")).contains("Bearer ya29.token-of-tests");
            JsonObject message = channel.sent().json().object("message");
            assertThat(message.text("token")).contains("device-1");
            assertThat(message.object("notification"))
                    .isEqualTo(JsonObject.of("title", "Hi").with("body", "There"));
            assertThat(message.object("data")).isEqualTo(JsonObject.of("n", "7").with("s", "x"));
            assertThat(message.object("android").object("notification").text("tag"))
                    .isEqualTo(message.object("apns").object("headers").text("apns-collapse-id"))
                    .hasValueSatisfying(tag -> assertThat(tag).hasSize(64));
            channel.send("{\"to\": {\"deviceToken\": \"device-1\"}, \"data\": {\"n\": 7}}");
            assertThat(channel.sent().json().object("message").has("notification"))
                    .isFalse();
            channel.send("{\"to\": {\"deviceToken\": \"device-1\"}, \"text\": \"x\"}");
            assertThat(channel.sent().json().object("message").has("data")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            404 | NOT_FOUND         | UNREGISTERED           | Requested entity was not found. | unregistered      | Permanent
            403 | PERMISSION_DENIED | SENDER_ID_MISMATCH     | SenderId mismatch               | senderMismatch    | Permanent
            400 | INVALID_ARGUMENT  | INVALID_ARGUMENT       | The registration token is not a valid FCM registration token | invalidToken | Permanent
            400 | INVALID_ARGUMENT  | INVALID_ARGUMENT       | Android message is too big      | invalidMessage    | Permanent
            401 | UNAUTHENTICATED   | THIRD_PARTY_AUTH_ERROR | Auth error from APNS            | apnsKeyMissing    | Misconfigured
            429 | RESOURCE_EXHAUSTED | QUOTA_EXCEEDED        | Quota exceeded                  | rateLimited       | RetryLater
            403 | PERMISSION_DENIED | IAM                    | Permission denied               | projectNotAllowed | Misconfigured
            503 | UNAVAILABLE       | UNAVAILABLE            | The service is unavailable      | providerFailed    | Transient
            """)
    void fcmSaysWhy(int status, String name, String errorCode, String message, String code, String kind) {
        try (var channel = fcm()) {
            var error = JsonObject.of("code", status)
                    .with("message", message)
                    .with("status", name)
                    .with(
                            "details",
                            List.of(JsonObject.of("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError")
                                    .with("errorCode", errorCode)));
            channel.http.post(
                    "/v1/projects/shop-1/messages:send",
                    request -> ScriptedAnswer.json("error", error).withStatus(status));

            isFailure(channel.fails(PUSH), "fcm." + code, kind);
        }
    }

    private static final String CHARGE = "{\"amount\": 4200, \"currency\": \"EUR\", \"customer\": \"cus_1\","
            + " \"paymentMethod\": \"pm_1\", \"description\": \"Invoice 7\"}";

    private static Channel stripe() {
        return new Channel("stripe", "charge", Map.of("apiKey", "sk_test_of_tests")).described("stripe");
    }

    @Test
    void stripeChargesOnceForAKey() throws Exception {
        try (var channel = stripe()) {
            channel.http.post(
                    "/v1/payment_intents",
                    request -> ScriptedAnswer.json(JsonObject.of("id", "pi_1")
                            .with("status", "succeeded")
                            .with("amount", 4200)
                            .with("currency", "eur")
                            .with("latest_charge", "ch_1")));

            var effect = channel.send(CHARGE);

            assertThat(effect.name()).isEqualTo("pi_1");
            assertThat(effect.metadata().text("charge")).contains("ch_1");
            var sent = channel.sent();
            assertThat(sent.header("Idempotency-Key")).contains("notification:7");
            assertThat(sent.header("Authorization")).contains("Bearer sk_test_of_tests");
            assertThat(sent.header("Stripe-Account")).isEmpty();
            assertThat(sent.form("amount")).contains("4200");
            assertThat(sent.form("currency")).contains("eur");
            assertThat(sent.form("metadata[tributary_key]")).contains("notification:7");
            channel.send("{\"amount\": 1, \"currency\": \"eur\", \"customer\": null}");
            assertThat(channel.sent().fields()).doesNotContainKeys("customer", "payment_method");
            channel.config("stripeAccount", "acct_1").send(CHARGE);
            assertThat(channel.sent().header("Stripe-Account")).contains("acct_1");
            assertThat(channel.sent().header("Idempotency-Key")).contains("notification:7");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "402, card_error, card_declined, cardDeclined, Permanent",
        "402, card_error, authentication_required, authenticationRequired, Permanent",
        "400, idempotency_error, , keyUsed, Permanent",
        "409, invalid_request_error, idempotency_key_in_use, providerFailed, Transient",
        "400, invalid_request_error, resource_missing, invalidCharge, Permanent",
        "500, api_error, , providerFailed, Transient"
    })
    void stripeSaysWhy(int status, String type, String error, String code, String kind) {
        try (var channel = stripe()) {
            channel.http.post(
                    "/v1/payment_intents",
                    request -> ScriptedAnswer.json(
                                    "error", JsonObject.of("type", type).with("code", error))
                            .withStatus(status));

            isFailure(channel.fails(CHARGE), "stripe." + code, kind);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sendgrid, send, ASK",
        "mailgun, send, LOOK_UP",
        "twilio, send, LOOK_UP",
        "fcm, send, ASK",
        "slack-webhook, send, ASK",
        "discord-webhook, send, ASK",
        "stripe, charge, KEY"
    })
    void eachSaysHowItIsRepeated(String domain, String action, Action.Repeat repeat) throws Exception {
        var manifest = DeclarativeIntegration.read(Path.of(
                        System.getProperty("tributary.home"), "integrations/declarative/examples", domain + ".yaml"))
                .manifest();

        assertThat(manifest.syncTypes()).isEmpty();
        assertThat(manifest.action(action))
                .hasValueSatisfying(it -> assertThat(it.repeat()).isEqualTo(repeat));
    }

    private static void isFailure(TaskFailure failure, String code, String kind) {
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    }
}
