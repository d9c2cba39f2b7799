package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.worker.testing.Keysets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final String TOKEN = "ya29.a0/Canary+secret=~";
    private static final String ENCODED = "ya29.a0%2FCanary%2Bsecret%3D~";

    private final UUID account = UUID.randomUUID();
    private OpenCredentials seal;
    private Secrets secrets;

    @SuppressWarnings("NullAway.Init") // prepare() sets them
    SecretsTest() {}

    @BeforeEach
    void prepare(@TempDir Path folder) throws Exception {
        seal = OpenCredentials.withKeyset(Keysets.write(folder));
        secrets = secretsOf(
                Map.of("accessToken", TOKEN, "password", "s3same", "username", "ada@example.org", "clientId", "app-1"));
    }

    private Secrets secretsOf(Map<String, String> credentials) {
        return Secrets.of(new Credentials(credentials), seal.placeholders(account));
    }

    @Test
    void hidesATokenInANextUrlAndFillsItInAgain() {
        var payload = JsonObject.of("next", "https://api.example.org/items?page=2&access_token=" + ENCODED)
                .with("plain", TOKEN)
                .with("nested", Map.of("list", List.of(1, "Bearer " + TOKEN)))
                .with(TOKEN, true);

        JsonObject hidden = secrets.hideIn(payload);

        assertThat(hidden.toJson())
                .doesNotContain("Canary")
                .contains("https://api.example.org/items?page=2&access_token={credential:");
        assertThat(secrets.fillIn(hidden)).isEqualTo(payload);
    }

    @Test
    void keepsASecretOutThatAnIntegrationGotItself() {
        for (int i = 1; i <= 6; i++) {
            secrets.learn("session.token", "sess10n/token=" + i);
        }

        assertThat(secrets.redact("refused sess10n/token=6 and sess10n%2Ftoken%3D5"))
                .isEqualTo("refused [session.token] and [session.token]");
        assertThat(secrets.redact("refused " + TOKEN)).doesNotContain("Canary");
        assertThat(secrets.cutFrom("an item with sess10n/token=6")).isEqualTo("an item with [session.token]");
    }

    @Test
    void hidesAllEncodingsOfAValue() {
        for (String form : List.of(
                TOKEN,
                ENCODED,
                "ya29.a0%2fCanary%2bsecret%3d~",
                "ya29.a0/Canary%2Bsecret=~",
                "ya29.a0%252FCanary%252Bsecret%253D~",
                "ya29.a0\\/Canary+secret=~",
                "ya29.a0/Canary\\u002bsecret\\u003D~")) {
            assertThat(secrets.hideIn(JsonObject.of("a", "x" + form + "y")).toJson())
                    .as(form)
                    .doesNotContain("Canary");
            assertThat(secrets.redact("failed: " + form)).as(form).isEqualTo("failed: [accessToken]");
        }
    }

    @Test
    void fillsInTheValueThatTheCredentialHasThen() {
        JsonObject hidden = secrets.hideIn(JsonObject.of("next", "?t=" + ENCODED));

        JsonObject filled = secretsOf(Map.of("accessToken", "new/token")).fillIn(hidden);

        assertThat(filled.text("next")).contains("?t=new%2Ftoken");
    }

    @Test
    void fillsInNothingForAnotherAccountNorForAMadeUpPlaceholder() {
        JsonObject hidden = secrets.hideIn(JsonObject.of("next", TOKEN));
        var other = Secrets.of(new Credentials(Map.of("accessToken", "other")), seal.placeholders(UUID.randomUUID()));
        var madeUp =
                JsonObject.of("next", "{credential:accessToken}").with("sealed", "{credential:" + "A".repeat(60) + "}");

        assertThat(other.fillIn(hidden)).isEqualTo(hidden);
        assertThat(secrets.fillIn(madeUp)).isEqualTo(madeUp);
    }

    @Test
    void keepsAPlaceholderOfACredentialThatIsNoLongerThere() {
        JsonObject hidden = secrets.hideIn(JsonObject.of("next", TOKEN));

        assertThat(secretsOf(Map.of("apiKey", "another")).fillIn(hidden)).isEqualTo(hidden);
    }

    @Test
    void cutsATellingValueOutOfAnItemAndLeavesOrdinaryWords() {
        var common = secretsOf(Map.of("password", "password", "apiKey", "20240131", "accessToken", TOKEN));

        assertThat(common.cutFrom("my password of 20240131 is " + ENCODED))
                .isEqualTo("my password of 20240131 is [accessToken]");
        assertThat(common.cutFrom(JsonObject.of("url", "?t=" + TOKEN)).toJson()).doesNotContain("Canary");
    }

    @Test
    void leavesWhatNamesNoSecret() {
        var payload =
                JsonObject.of("from", "ada@example.org").with("client", "app-1").with("number", 5);

        assertThat(secrets.hideIn(payload)).isSameAs(payload);
        assertThat(secrets.redact("ada@example.org is unknown")).isEqualTo("ada@example.org is unknown");
    }

    @Test
    void redactsTheHeaderOfBasicAuthenticationAndLinesOfAKey() {
        String basic = Base64.getEncoder().encodeToString("ada@example.org:s3same".getBytes());
        String key =
                "-----BEGIN PRIVATE KEY-----\nMIIEvCanaryCanaryCanaryCanary\nMIIFvCanaryCanaryCanaryCanary\n-----END";

        assertThat(secrets.redact("Authorization: Basic " + basic)).isEqualTo("Authorization: Basic [password.basic]");
        assertThat(secretsOf(Map.of("privateKey", key)).redact("at MIIFvCanaryCanaryCanaryCanary:"))
                .doesNotContain("Canary");
    }

    @Test
    void findsALongValueInItsUsualForms() {
        String jwt = ("eyJhbGciOi/" + "Canary".repeat(200));

        var longSecrets = secretsOf(Map.of("accessToken", jwt));

        assertThat(longSecrets.redact("a " + jwt + " b " + jwt.replace("/", "%2F")))
                .isEqualTo("a [accessToken] b [accessToken]");
        var payload = JsonObject.of("next", "?t=" + jwt.replace("/", "%2F"));
        assertThat(longSecrets.fillIn(longSecrets.hideIn(payload))).isEqualTo(payload);
    }
}
