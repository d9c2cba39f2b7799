package io.tributary.worker.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.worker.oauth.TokenAnswer.ClientRefused;
import io.tributary.worker.oauth.TokenAnswer.GrantRefused;
import io.tributary.worker.oauth.TokenAnswer.Granted;
import io.tributary.worker.oauth.TokenAnswer.NotOAuth;
import io.tributary.worker.oauth.TokenAnswer.Unavailable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTokenAnswerTest {

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
                        Unavailable.class, answer -> assertThat(answer.heard()).isFalse());
    }

    @Test
    void waitsWhereTheProviderAsksFor() {
        assertThat(ReadTokenAnswer.of(429, "", Duration.ofSeconds(7)))
                .isInstanceOfSatisfying(Unavailable.class, answer -> {
                    assertThat(answer.after()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(answer.heard()).isTrue();
                });
        assertThat(read(400, "{\"error\": \"temporarily_unavailable\"}")).isInstanceOf(Unavailable.class);
    }

    @Test
    void blamesTheClientForWhatIsTheClients() {
        assertThat(read(401, "{\"error\": \"invalid_client\"}")).isEqualTo(new ClientRefused("invalid_client"));
        assertThat(read(200, "{\"error\": \"incorrect_client_credentials\"}")).isInstanceOf(ClientRefused.class);
        assertThat(read(401, "<html>")).isEqualTo(new ClientRefused("http_401"));
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
                .isEqualTo(new ClientRefused("unknown_error"));
        assertThat(read(200, "{\"access_token\": \"canary-1\", \"refresh_token\": \"canary-2\"}")
                        .toString())
                .doesNotContain("canary");
    }

    private static TokenAnswer read(int status, String body) {
        return ReadTokenAnswer.of(status, body, null);
    }
}
