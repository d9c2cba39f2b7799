package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.imap.ImapConfig.Security;
import io.tributary.integrations.testkit.DeclaredManifest;
import io.tributary.integrations.workbench.LocalContext;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final DeclaredManifest DECLARED = DeclaredManifest.of(ImapIntegration.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'host': 'imap.example.org'}",
                "{'host': '2001:db8::1', 'port': 1143, 'security': 'none', 'folder': 'Archiv/Entwürfe'}",
                "{'host': 'h', 'tokenUrl': 'https://oauth2.example.org/token'}",
                "{'host': 'h', 'security': 'starttls',"
                        + " 'trustedCertificate': '-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----'}"
            })
    void takesAConfigThatCanWork(String config) {
        assertThat(DECLARED.problemsOf(config)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'host': ''}",
                "{'host': 'imap.example.org/x'}",
                "{'host': 'a b'}",
                "{'host': 'h', 'port': 0}",
                "{'host': 'h', 'port': 65536}",
                "{'host': 'h', 'port': '993'}",
                "{'host': 'h', 'security': 'ssl'}",
                "{'host': 'h', 'folder': ''}",
                "{'host': 'h', 'trustedCertificate': 'MIIB'}",
                "{'host': 'h', 'user': 'ada'}"
            })
    void refusesAConfigThatCannot(String config) {
        assertThat(DECLARED.problemsOf(config)).isNotEmpty();
    }

    @Test
    void namesTheDomainAndItsLimits() {
        Manifest manifest = DECLARED.manifest();

        assertThat(manifest.domain()).isEqualTo("imap");
        assertThat(manifest.auth()).containsExactlyInAnyOrder(Manifest.Auth.BASIC, Manifest.Auth.OAUTH2);
        assertThat(manifest.limits().concurrency()).isEqualTo(4);
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(DECLARED.configSchema().getSchemaNode().get("properties"))
                .allSatisfy(key -> assertThat(key.get("description").asString()).isNotBlank());
    }

    @Test
    void aConfigHasDefaults() {
        assertThat(ImapConfig.of(LocalContext.empty().withConfig("host", "h").config()))
                .isEqualTo(new ImapConfig("h", 993, Security.TLS, "INBOX", null));
        assertThat(ImapConfig.of(LocalContext.empty()
                        .withConfig("host", "h")
                        .withConfig("security", "starttls")
                        .withConfig("folder", "inbox")
                        .config()))
                .isEqualTo(new ImapConfig("h", 143, Security.STARTTLS, "INBOX", null));
    }

    @Test
    void anAccountHoldsItsPasswordToItself() {
        var account = new Account(
                UUID.randomUUID(),
                new ImapConfig("h", 1, Security.NONE, "f", null),
                "ada",
                new Account.Secret.Password("s3cret"));

        assertThat(account.toString()).doesNotContain("s3cret");
    }

    @Test
    void anAccountNeedsAConfigAndCredentials() {
        var context = LocalContext.empty().withConfig("host", "h");
        assertThatThrownBy(() -> Account.of(context))
                .isInstanceOf(TaskFailure.Unauthorized.class)
                .hasMessageContaining("username");
        assertThatThrownBy(() -> Account.of(
                        context.withConfig("port", "x").withCredentials(Map.of("username", "u", "password", "p"))))
                .isInstanceOfSatisfying(
                        TaskFailure.Misconfigured.class,
                        failure -> assertThat(failure.code()).isEqualTo("imap.configInvalid"));
        assertThat(Credentials.none().find("password")).isEmpty();
    }
}
