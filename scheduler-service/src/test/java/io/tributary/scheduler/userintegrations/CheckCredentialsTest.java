package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.testing.ManifestJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckCredentialsTest {

    @Test
    void takesWhatTheIntegrationNeeds() {
        assertThat(check(ManifestJson.MAIL, Map.of("username", "ann", "password", "wonder")))
                .isEmpty();
        assertThat(check(ManifestJson.CLOUD, Map.of("apiKey", "k"))).isEmpty();
        assertThat(check(ManifestJson.CLOUD, Map.of("accessToken", "t"))).isEmpty();
        assertThat(check(
                        ManifestJson.CLOUD,
                        Map.of(
                                "refreshToken",
                                "r",
                                "clientId",
                                "c",
                                "clientSecret",
                                "s",
                                "expiresAt",
                                "2026-04-01T12:00:00Z")))
                .isEmpty();
        assertThat(check(ManifestJson.HELLO, Map.of())).isEmpty();
    }

    @Test
    void takesAPrivateKeyInPlaceOfAPasswordOrWithItsPassphrase() {
        String files = ManifestJson.MAIL.replace("[\"basic\"]", "[\"basic\", \"privateKey\"]");

        assertThat(check(files, Map.of("username", "ann", "privateKey", "k"))).isEmpty();
        assertThat(check(files, Map.of("username", "ann", "privateKey", "k", "password", "p")))
                .isEmpty();
        assertThat(check(files, Map.of("username", "ann", "password", "p"))).isEmpty();
        assertThat(check(files, Map.of("username", "ann"))).isNotEmpty();
        assertThat(check(ManifestJson.MAIL, Map.of("username", "ann", "privateKey", "k")))
                .isNotEmpty();
    }

    @Test
    void takesTheKeysThatTheConfigSchemaNamesForEachWayToLogIn() {
        String bot = ManifestJson.CLOUD.replaceFirst(
                "\"configSchema\"\\s*:\\s*\\{",
                "\"configSchema\": {\"x-credentials\": [[\"botToken\"], [\"accessToken\", \"developerToken\"]],");

        assertThat(check(bot, Map.of("botToken", "b"))).isEmpty();
        assertThat(check(bot, Map.of("accessToken", "a", "developerToken", "d")))
                .isEmpty();
        assertThat(check(bot, Map.of("accessToken", "a")))
                .singleElement()
                .satisfies(violation ->
                        assertThat(violation.message()).contains("botToken", "accessToken and developerToken"));
        assertThat(check(bot, Map.of("botToken", "b", "other", "o")))
                .extracting(Violation::path)
                .containsExactly("/credentials/other");
        assertThat(check(ManifestJson.CLOUD, Map.of("botToken", "b"))).isNotEmpty();
    }

    @Test
    void namesEachMissingKeyWhereThereIsOneWayToLogIn() {
        assertThat(check(ManifestJson.MAIL, Map.of("username", "ann")))
                .extracting(Violation::path)
                .containsExactly("/credentials/password");
        assertThat(check(ManifestJson.MAIL, Map.of()))
                .extracting(Violation::path)
                .containsExactly("/credentials/password", "/credentials/username");
    }

    @Test
    void namesTheWaysToLogInWhereThereAreSeveral() {
        assertThat(check(ManifestJson.CLOUD, Map.of("clientId", "c")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.path()).isEqualTo("/credentials");
                    assertThat(violation.message()).contains("accessToken, or refreshToken, or apiKey");
                });
    }

    @Test
    void refusesKeysThatTheIntegrationDoesNotTake() {
        assertThat(check(ManifestJson.MAIL, Map.of("username", "ann", "password", "wonder", "apiKey", "canary")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.path()).isEqualTo("/credentials/apiKey");
                    assertThat(violation.message())
                            .contains("password, username")
                            .doesNotContain("canary");
                });
        assertThat(check(ManifestJson.HELLO, Map.of("password", "wonder")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains("uses no credentials"));
    }

    @Test
    void refusesValuesThatAreEmptyOrEndless() {
        var credentials = new HashMap<String, @Nullable String>();
        credentials.put("username", null);
        credentials.put("password", "");

        assertThat(check(ManifestJson.MAIL, credentials))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("/credentials/username", "/credentials/password");
        assertThat(check(ManifestJson.MAIL, Map.of("username", "ann", "password", "x".repeat(16_385))))
                .hasSize(1);
    }

    @Test
    void refusesAnExpiryThatIsNoTime() {
        assertThat(check(ManifestJson.CLOUD, Map.of("accessToken", "t", "expiresAt", "tomorrow")))
                .extracting(Violation::path)
                .containsExactly("/credentials/expiresAt");
    }

    @Test
    void takesAnyKnownKeyForAKindThatOnlyNewerWorkersKnow() {
        String ssh = ManifestJson.MAIL.replace("\"basic\"", "\"sshKey\"");

        assertThat(check(ssh, Map.of("username", "ann", "privateKey", "k"))).isEmpty();
        assertThat(check(ssh, Map.of("pin", "1"))).hasSize(1);
    }

    private static List<Violation> check(String manifest, Map<String, ? extends @Nullable String> credentials) {
        var violations = new Violations();
        CheckCredentials.check(new HashMap<>(credentials), Manifest.parse(manifest), violations);
        return violations.found();
    }
}
