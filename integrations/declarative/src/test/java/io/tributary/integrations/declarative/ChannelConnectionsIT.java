package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connecting a shipped channel shows whether its credentials work, and sends nothing. */
class ChannelConnectionsIT {

    private static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";

    private static Channel channel(String domain) {
        return switch (domain) {
            case "sendgrid" -> new Channel(domain, "send", Map.of("apiKey", "SG.key-of-tests"));
            case "mailgun" ->
                new Channel(domain, "send", Map.of("apiKey", "key-of-tests")).config("domain", "mg.example.org");
            case "twilio" ->
                new Channel(domain, "send", Map.of("authToken", "token-of-tests"))
                        .config("accountSid", ACCOUNT)
                        .config("from", "+15005550006");
            case "fcm" ->
                new Channel(domain, "send", Map.of("accessToken", "ya29.token-of-tests")).config("projectId", "shop-1");
            case "stripe" -> new Channel(domain, "charge", Map.of("apiKey", "sk_test_of_tests"));
            default -> new Channel(domain, "send", Map.of("webhookUrl", "https://hooks.example.org/hook/x"));
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "works", textBlock = """
            sendgrid        | 200 | {"scopes": ["mail.send"]}                          | works
            sendgrid        | 200 | {"scopes": ["user.email.read"]}                    | sendgrid.keyMayNotSend
            sendgrid        | 401 | {"errors": [{"message": "authorization required"}]} | sendgrid.authFailed
            sendgrid        | 403 | {"errors": [{"message": "access forbidden"}]}      | sendgrid.requestRefused
            sendgrid        | 404 | {"errors": [{"message": "not found"}]}             | sendgrid.requestRefused
            mailgun         | 400 | {"message": "from parameter is missing"}           | works
            mailgun         | 400 | <html>Bad request</html>                           | mailgun.invalidMessage
            mailgun         | 401 | Forbidden                                          | mailgun.authFailed
            mailgun         | 404 | {"message": "Domain not found: mg.example.org"}    | mailgun.domainNotFound
            twilio          | 200 | {"messages": []}                                   | works
            twilio          | 401 | {"code": 20003}                                    | twilio.authFailed
            twilio          | 404 | {"code": 20404}                                    | twilio.accountNotFound
            fcm             | 200 | {"name": "projects/shop-1/messages/fake_message_id"} | works
            fcm             | 403 | {"error": {"status": "PERMISSION_DENIED"}}         | fcm.projectNotAllowed
            fcm             | 404 | {"error": {"status": "NOT_FOUND", "message": "x"}} | fcm.projectNotAllowed
            fcm             | 401 | {"error": {"status": "UNAUTHENTICATED"}}           | fcm.authFailed
            stripe          | 200 | {"id": "acct_1", "email": "us@example.org"}        | works
            stripe          | 403 | {"error": {"code": "more_permissions_required"}}   | works
            stripe          | 403 | {"error": {"code": "account_invalid"}}             | stripe.accountNotAllowed
            stripe          | 403 | <html>Forbidden</html>                             | stripe.requestRefused
            stripe          | 404 | {"error": {"type": "invalid_request_error"}}       | stripe.requestRefused
            stripe          | 401 | {"error": {"type": "invalid_request_error"}}       | stripe.authFailed
            slack-webhook   | 400 | no_text                                            | works
            slack-webhook   | 500 | missing_text_or_fallback_or_attachments            | works
            slack-webhook   | 403 | invalid_token                                      | slack-webhook.noService
            slack-webhook   | 404 | no_service                                         | slack-webhook.noService
            slack-webhook   | 500 | rollup_error                                       | slack-webhook.providerFailed
            slack-webhook   | 200 | <html>Welcome</html>                               | slack-webhook.answerUnreadable
            discord-webhook | 200 | {"id": "77", "name": "Alerts"}                     | works
            discord-webhook | 401 | {"code": 50027, "message": "Invalid Webhook Token"} | discord-webhook.authFailed
            discord-webhook | 404 | {"code": 10015, "message": "Unknown Webhook"}      | discord-webhook.unknownWebhook
            discord-webhook | 405 | {"code": 0, "message": "405: Method Not Allowed"}  | discord-webhook.unknownWebhook
            """)
    void anAccountWorksOnlyIfTheProviderSaysSo(String domain, int status, String body, @Nullable String code)
            throws Exception {
        try (var channel = channel(domain)) {
            ScriptedAnswer answer =
                    ScriptedAnswer.status(status).body(body.startsWith("{") ? "application/json" : "text/html", body);
            channel.http.get("/{path...}", request -> answer).post("/{path...}", request -> answer);

            if (code == null) {
                channel.account.identify();
            } else {
                assertThat(refusalOf(channel).code()).isEqualTo(code);
            }
            assertThat(channel.http.requests()).isNotEmpty();
        }
    }

    @Test
    void whatIsSentToProveTheAccountReachesNobody() throws Exception {
        try (var fcm = channel("fcm").described("fcm");
                var mailgun = channel("mailgun");
                var slack = channel("slack-webhook")) {
            fcm.http.post("/{path...}", request -> ScriptedAnswer.json("name", "projects/shop-1/messages/1"));
            mailgun.http.post(
                    "/{path...}",
                    request -> ScriptedAnswer.json("message", "to parameter is missing")
                            .withStatus(400));
            slack.http.post("/{path...}", request -> ScriptedAnswer.status(400).body("text/html", "no_text"));

            assertThat(fcm.account.identify().id()).isEqualTo("shop-1");
            mailgun.account.identify();
            slack.account.identify();

            assertThat(fcm.sent().json().bool("validate_only")).contains(true);
            assertThat(mailgun.sent().fields()).containsOnlyKeys("o:testmode");
            assertThat(slack.sent().json().text("text")).contains("");
        }
    }

    private static TaskFailure refusalOf(Channel channel) {
        TaskFailure failure = catchThrowableOfType(TaskFailure.class, channel.account::identify);
        assertThat(failure).as("it looks healthy").isNotNull();
        return failure;
    }
}
