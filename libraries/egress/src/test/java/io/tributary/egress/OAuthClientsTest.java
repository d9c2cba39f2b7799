package io.tributary.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.egress.OAuthClients.Chosen;
import io.tributary.egress.OAuthClients.Provider;
import io.tributary.egress.OAuthClients.Reason;
import io.tributary.egress.OAuthClients.Registered;
import io.tributary.egress.OAuthClients.Unusable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthClientsTest {

    private static final String TOKEN_URL = "https://provider.test/token";
    private static final Provider MANIFEST =
            new Provider("https://provider.test/authorize", TOKEN_URL, ClientAuthentication.BASIC);
    private static final Map<String, String> REFERENCE =
            Map.of("tributary.clientOf", "deployment", "clientId", "ours", "tributary.issuedBy", "manifest");

    private final OAuthClients clients = new OAuthClients(Map.of("cloud", new Registered("ours", "secret")));

    @Test
    void usesTheDeploymentsClientWithTheUrlsOfTheManifest() {
        assertThat(clients.choose("cloud", MANIFEST, Provider.NONE, Map.of()))
                .isInstanceOfSatisfying(Chosen.class, chosen -> {
                    assertThat(chosen.client().clientSecret()).isEqualTo("secret");
                    assertThat(chosen.client().tokenUrl()).hasToString(TOKEN_URL);
                    assertThat(chosen.client().authentication()).isEqualTo(ClientAuthentication.BASIC);
                });
    }

    @Test
    void storesAReferenceAndNoSecretOfTheDeployment() {
        var credentials = new HashMap<>(Map.of("accessToken", "a", "clientId", "ours", "clientSecret", "secret"));

        chosen(credentials).bind(credentials);

        assertThat(credentials).containsEntry("clientId", "ours").doesNotContainValue("secret");
        assertThat(chosen(credentials).client().clientSecret()).isEqualTo("secret");
    }

    @Test
    void resolvesARotatedSecretWhenItIsUsed() {
        var rotated = new OAuthClients(Map.of("cloud", new Registered("ours", "second")));

        for (var credentials : new Map<?, ?>[] {REFERENCE, Map.of("clientId", "ours", "clientSecret", "secret")}) {
            @SuppressWarnings("unchecked")
            var stored = (Map<String, String>) credentials;
            assertThat(rotated.choose("cloud", MANIFEST, Provider.NONE, stored))
                    .isInstanceOfSatisfying(
                            Chosen.class,
                            chosen -> assertThat(chosen.client().clientSecret()).isEqualTo("second"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.test/token",
                "http://provider.test/token",
                "https://provider.test/token/",
                "https://provider.test/token?a=b",
                "https://provider.test:8443/token",
                "https://PROVIDER.test/token",
                "https://provider.test@evil.test/token",
                "https://provider.test/%74oken"
            })
    void keepsTheDeploymentsClientFromEveryOtherUrl(String url) {
        for (var stored : java.util.List.of(
                REFERENCE, Map.of("clientId", "ours"), Map.of("clientId", "ours", "clientSecret", "secret"))) {
            var account = new Provider(null, url, null);
            assertThat(clients.choose("cloud", MANIFEST, account, stored)).isInstanceOf(Unusable.class);
            assertThat(clients.chooseToConnect("cloud", MANIFEST, account, stored))
                    .isEqualTo(new Unusable(Reason.FOREIGN_URL));
        }
        assertThat(clients.chooseToConnect("cloud", MANIFEST, new Provider(null, url, null), Map.of()))
                .isEqualTo(new Unusable(Reason.FOREIGN_URL));
        assertThat(clients.chooseToConnect("cloud", MANIFEST, new Provider(url, null, null), Map.of()))
                .isEqualTo(new Unusable(Reason.FOREIGN_URL));
        assertThat(clients.choose("cloud", MANIFEST, new Provider(null, url, null), Map.of()))
                .isInstanceOfSatisfying(
                        Chosen.class,
                        chosen -> assertThat(chosen.client().clientId()).isNull());
    }

    @Test
    void usesAnOwnClientWithOwnUrls() {
        var own = Map.of("clientId", "mine", "clientSecret", "own");
        assertThat(clients.choose("cloud", MANIFEST, new Provider(null, "https://own.test/t", null), own))
                .isInstanceOfSatisfying(Chosen.class, chosen -> {
                    assertThat(chosen.client().clientSecret()).isEqualTo("own");
                    assertThat(chosen.client().authentication()).isNull();
                });
    }

    @Test
    void bindsTokensToTheEndpointThatIssuedThem() {
        var own = new HashMap<>(Map.of("clientId", "mine", "clientSecret", "own"));
        var issued = clients.choose("cloud", MANIFEST, new Provider(null, "https://own.test/t", null), own);
        ((Chosen) issued).bind(own);

        assertThat(clients.choose("cloud", MANIFEST, new Provider(null, "https://other.test/t", null), own))
                .isEqualTo(new Unusable(Reason.URL_CHANGED));
        assertThat(clients.choose("cloud", MANIFEST, Provider.NONE, own)).isEqualTo(new Unusable(Reason.URL_CHANGED));
    }

    @Test
    void followsAManifestWhoseUrlMoves() {
        var moved = new Provider("https://provider.test/authorize", "https://provider.test/v2/token", null);
        assertThat(clients.choose("cloud", moved, Provider.NONE, REFERENCE)).isInstanceOf(Chosen.class);
    }

    @Test
    void asksForANewConsentWhenTheDeploymentHasAnotherClient() {
        var other = new OAuthClients(Map.of("cloud", new Registered("theirs", "x")));

        assertThat(other.choose("cloud", MANIFEST, Provider.NONE, REFERENCE))
                .isEqualTo(new Unusable(Reason.CLIENT_CHANGED));
        assertThat(other.chooseToConnect("cloud", MANIFEST, Provider.NONE, REFERENCE))
                .isInstanceOf(Chosen.class);
    }

    @Test
    void usesTheClientOfNoOtherIntegration() {
        assertThat(clients.chooseToConnect("other", MANIFEST, Provider.NONE, Map.of()))
                .isEqualTo(new Unusable(Reason.NO_CLIENT));
        assertThat(clients.choose("other", MANIFEST, Provider.NONE, REFERENCE))
                .isEqualTo(new Unusable(Reason.NO_CLIENT));
    }

    @Test
    void findsADomainWithHyphensAsAnEnvironmentVariableHasIt() {
        var fromEnvironment = new OAuthClients(Map.of("googleads", new Registered("ours", null)));
        assertThat(fromEnvironment.choose("google-ads", MANIFEST, Provider.NONE, Map.of()))
                .isInstanceOfSatisfying(
                        Chosen.class,
                        chosen -> assertThat(chosen.client().clientId()).isEqualTo("ours"));
    }

    private Chosen chosen(Map<String, String> credentials) {
        return (Chosen) clients.choose("cloud", MANIFEST, Provider.NONE, credentials);
    }

    @Test
    void showsNoSecretAsText() {
        @Nullable String text = new Registered("ours", "secret").toString();
        assertThat(text).doesNotContain("secret");
    }
}
