package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.testkit.DeclaredManifest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final DeclaredManifest DECLARED = DeclaredManifest.of(FtpIntegration.class);
    private static final Manifest MANIFEST = DECLARED.manifest();

    @Test
    void namesTheDomainAndItsLimits() {
        assertThat(MANIFEST.domain()).isEqualTo("ftp");
        assertThat(MANIFEST.auth()).containsExactlyInAnyOrder(Manifest.Auth.BASIC, Manifest.Auth.PRIVATE_KEY);
        assertThat(MANIFEST.limits().concurrency()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'protocol': 'ftp', 'host': 'ftp.example.org'}",
                "{'protocol': 'ftps', 'host': '2001:db8::1', 'port': 990, 'path': '/in', 'include': '*.csv'}",
                "{'protocol': 'sftp', 'host': 'h', 'include': ['*.csv', 'a/**'], 'exclude': ['tmp'], 'knownHosts': 'h"
                        + " ssh-rsa A'}",
            })
    void takesAConfigThatCanWork(String config) {
        assertThat(DECLARED.problemsOf(config)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'host': 'h'}",
                "{'protocol': 'ftp'}",
                "{'protocol': 'scp', 'host': 'h'}",
                "{'protocol': 'ftp', 'host': 'ftp://h'}",
                "{'protocol': 'ftp', 'host': 'h', 'port': 0}",
                "{'protocol': 'ftp', 'host': 'h', 'include': [1]}",
                "{'protocol': 'ftp', 'host': 'h', 'user': 'ada'}",
            })
    void refusesAConfigThatCannot(String config) {
        assertThat(DECLARED.problemsOf(config)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ftp, 21", "ftps, 21", "sftp, 22"})
    void aConfigHasDefaults(String protocol, int port) {
        FtpConfig config = FtpConfig.of(JsonObject.of("protocol", protocol).with("host", "h"));

        assertThat(config.port()).isEqualTo(port);
        assertThat(config.path().text()).isEqualTo("/");
    }

    @Test
    void anAccountShowsNoSecret() {
        FtpConfig config = FtpConfig.of(JsonObject.of("protocol", "sftp").with("host", "h"));

        assertThat(new Account(UUID.randomUUID(), config, "ada", "secret-1", "secret-2").toString())
                .doesNotContain("secret");
        assertThat(Map.of("account", new Account(UUID.randomUUID(), config, "ada", "secret-1", null))
                        .toString())
                .doesNotContain("secret");
    }
}
