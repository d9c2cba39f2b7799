package io.tributary.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.egress.TokenAnswer.ClientRefused;
import io.tributary.egress.TokenAnswer.GrantRefused;
import io.tributary.egress.TokenAnswer.Granted;
import io.tributary.egress.TokenAnswer.NotOAuth;
import io.tributary.egress.TokenAnswer.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTokenAnswerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void readsJson() {
        assertThat(read(200, "{\"access_token\": \"a\", \"refresh_token\": \"r\", \"expires_in\": 3600}"))
                .isEqualTo(new Granted("a", "r", Duration.ofHours(1)));
        assertThat(read(200, "{\"access_token\": \"a\", \"expires_in\": \"60\", \"scope\": [\"x\"]}"))
                .isEqualTo(new Granted("a", null, Duration.ofMinutes(1)));
    }

    @Test
    void readsTheFormEncodingThatSomeProvidersAnswer() {
        assertThat(read(200, "access_token=a%2Fb&refresh_token=r&expires_in=28800&token_type=bearer"))
                .isEqualTo(new Granted("a/b", "r", Duration.ofHours(8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"expires_in\": null", ", \"expires_in\": -5", ", \"expires_in\": \"soon\""})
    void takesATokenWhoseExpiryIsNotSaid(String expiry) {
        assertThat(read(200, "{\"access_token\": \"a\"" + expiry + "}")).isEqualTo(new Granted("a", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": \"invalid_grant\", \"error_description\": \"Token has been revoked.\"}",
                "{\"ok\": false, \"error\": \"invalid_refresh_token\"}",
                "error=bad_refresh_token&error_description=The+refresh+token"
            })
    void knowsAGrantThatIsNoMoreWhateverTheStatus(String body) {
        assertThat(read(200, body)).isInstanceOf(GrantRefused.class);
        assertThat(read(400, body)).isInstanceOf(GrantRefused.class);
        assertThat(read(401, body)).isInstanceOf(GrantRefused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408})
    void neverTakesAGatewayForARefusalAndCannotTellWhetherTheTokenWasUsed(int status) {
        assertThat(read(status, "{\"error\": \"invalid_grant\"}"))
                .isInstanceOfSatisfying(
                        Unavailable.class, answer -> assertThat(answer.unused()).isFalse());
    }

    /** The clock of the provider may be wrong, and a period is not affected by that. */
    @Test
    void believesAPeriodRatherThanATime() {
        assertThat(read(200, "{\"access_token\": \"a\", \"expires_at\": 1000000000, \"expires_in\": \"599\"}"))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.expiresIn()).isEqualTo(Duration.ofSeconds(599)));
    }

    /** The life of the refresh token is not that of the access token, whose life is not said. */
    @Test
    void takesTheLifeOfTheRefreshTokenForNoOther() {
        assertThat(read(200, """
            {"access_token": "a", "refresh_token": "r", "refresh_token_expires_in": 2592000, "scope": "read"}
            """))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.expiresIn()).isNull());
    }

    @Test
    void waitsWhereTheProviderAsksFor() {
        assertThat(ReadTokenAnswer.of(429, "", Duration.ofSeconds(7), CLOCK))
                .isInstanceOfSatisfying(Unavailable.class, answer -> {
                    assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(answer.unused()).isTrue();
                });
        assertThat(read(400, "{\"error\": \"temporarily_unavailable\"}")).isInstanceOf(Unavailable.class);
    }

    @Test
    void blamesTheClientForWhatIsTheClients() {
        assertThat(read(401, "{\"error\": \"invalid_client\"}")).isEqualTo(new ClientRefused("invalid_client", true));
        assertThat(read(200, "{\"error\": \"incorrect_client_credentials\"}")).isInstanceOf(ClientRefused.class);
        assertThat(read(401, "<html>")).isEqualTo(new ClientRefused("http_401", true));
    }

    @Test
    void seesThatThereIsNoTokenEndpointAtAll() {
        assertThat(read(404, "<html>not found</html>")).isEqualTo(new NotOAuth(404));
        assertThat(read(302, "")).isEqualTo(new NotOAuth(302));
        assertThat(read(200, "{\"access_token\": ")).isEqualTo(new NotOAuth(200));
        assertThat(read(200, "[1]")).isEqualTo(new NotOAuth(200));
    }

    @Test
    void passesNothingOnThatIsNoErrorCode() {
        assertThat(read(400, "{\"error\": \"the token canary-1 is bad\"}"))
                .isEqualTo(new ClientRefused("unknown_error", false));
        assertThat(read(200, "{\"access_token\": \"canary-1\", \"refresh_token\": \"canary-2\"}")
                        .toString())
                .doesNotContain("canary");
    }

    /**
     * As providers document or send it; a spent token differs from a wrong client and from a passing refusal.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        Atlassian, spent          | 403 | {"error":"unauthorized_client","error_description":"refresh_token is invalid"}
        HubSpot, spent            | 400 | {"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"}
        Zoho, spent               | 200 | {"error":"invalid_code"}
        Exact Online, spent       | 400 | {"error":"invalid_request","error_description":"The refresh token expired at 11/3/2025 2:50:46 PM."}
        LinkedIn, spent           | 400 | {"error":"invalid_request","error_description":"The provided authorization grant or refresh token is invalid, expired or revoked."}
        Zoom, spent               | 401 | {"reason":"Invalid Token!","error":"invalid_request"}
        Twitch, spent             | 400 | {"status":400,"message":"Invalid refresh token"}
        Strava, spent             | 400 | {"message":"Bad Request","errors":[{"resource":"RefreshToken","field":"refresh_token","code":"invalid"}]}
        Fitbit, spent             | 400 | {"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: x"}],"success":false}
        Facebook, expired         | 400 | {"error":{"message":"Error validating access token","type":"OAuthException","code":190}}
        WeChat, spent             | 200 | {"errcode":40030,"errmsg":"invalid refresh_token"}
        GitHub, spent, as a form  | 200 | error=bad_refresh_token&error_description=The+refresh+token
        """)
    void knowsASpentRefreshTokenInTheWordsOfEachProvider(String ignored, int status, String body) {
        assertThat(read(status, body)).isInstanceOf(GrantRefused.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        Zoho, too many         | 400 | true  | {"error":"Access Denied","error_description":"You have made too many requests continuously. Please try again after some time.","status":"failure"}
        Exact Online, too many | 400 | true  | {"error":"access_denied","error_description":"Rate limit exceeded: access_token not expired"}
        Slack, too many        | 200 | true  | {"ok":false,"error":"ratelimited"}
        Salesforce, at once    | 400 | false | {"error":"invalid_grant","error_description":"token request is already being processed"}
        Slack, fault           | 200 | false | {"ok":false,"error":"internal_error"}
        Microsoft, transient   | 400 | false | {"error":"temporarily_unavailable","error_description":"AADSTS90033"}
        """)
    void neverStopsAnAccountForARefusalThatPasses(String ignored, int status, boolean unused, String body) {
        assertThat(read(status, body))
                .isInstanceOfSatisfying(
                        Unavailable.class, answer -> assertThat(answer.unused()).isEqualTo(unused));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        X                     | 401 | {"error":"unauthorized_client","error_description":"Missing valid authorization header"}
        Reddit                | 401 | {"error":401,"message":"Unauthorized"}
        RFC 6749              | 400 | {"error":"invalid_client"}
        Header expected       | 400 | {"error":"invalid_request","error_description":"The client credentials are missing"}
        No body               | 401 | ''
        GitHub                | 200 | {"error":"incorrect_client_credentials"}
        """)
    void knowsARefusalThatTheOtherWayToAuthenticateMayCure(String ignored, int status, String body) {
        assertThat(read(status, body))
                .isInstanceOfSatisfying(
                        ClientRefused.class,
                        refused -> assertThat(refused.ofAuthentication()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"unsupported_grant_type\",\"error_description\":\"refresh_token is invalid here\"}",
                "{\"error\":\"unauthorized_client\",\"error_description\":\"grant type refresh_token is not allowed\"}",
                "{\"error\":\"invalid_scope\"}"
            })
    void takesNoMistakeOfTheClientForASpentToken(String body) {
        assertThat(read(400, body)).isInstanceOf(ClientRefused.class);
    }

    @Test
    void findsTokensThatAreWrapped() {
        assertThat(read(
                        200,
                        "{\"ok\":true,\"authed_user\":{\"id\":\"U1\",\"access_token\":\"a\",\"expires_in\":43200}}"))
                .isEqualTo(new Granted("a", null, Duration.ofHours(12)));
        assertThat(read(
                        200,
                        "{\"code\":0,\"message\":\"success\",\"data\":{\"access_token\":\"a\","
                                + "\"refresh_token\":\"r\",\"expires_in\":86400}}"))
                .isEqualTo(new Granted("a", "r", Duration.ofDays(1)));
        assertThat(read(200, "{\"error\":null,\"access_token\":\"a\",\"status\":200}"))
                .isEqualTo(new Granted("a", null, null));
        assertThat(read(200, "\uFEFF{\"accessToken\":\"a\",\"expiresIn\":60}"))
                .isEqualTo(new Granted("a", null, Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"expires_in\": 3600.0",
                "\"expires_in\": \"3600\"",
                "\"expires\": 3600",
                "\"expires_in\": 3600000, \"expires_in_sec\": 3600",
                "\"expires_at\": 1775048400",
                "\"expires_at\": 1775048400000",
                "\"expires_on\": \"1775048400\"",
                "\"expiresAt\": \"2026-04-01T13:00:00Z\""
            })
    void readsTheExpiryInAllItsForms(String expiry) {
        assertThat(read(200, "{\"access_token\": \"a\", " + expiry + "}"))
                .isEqualTo(new Granted("a", null, Duration.ofHours(1)));
    }

    @Test
    void waitsAsTheBodyAsks() {
        assertThat(read(429, "{\"message\": \"You are being rate limited.\", \"retry_after\": 64.57}"))
                .isEqualTo(new Unavailable("429", Duration.ofMillis(64_570), true));
    }

    private static TokenAnswer read(int status, String body) {
        return ReadTokenAnswer.of(status, body, null, CLOCK);
    }
}
