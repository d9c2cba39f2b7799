package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final Manifest MANIFEST = manifest();
    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(MANIFEST.configSchema(), InputFormat.JSON);

    private static Manifest manifest() {
        try (var integration = new FtpIntegration()) {
            return integration.manifest();
        }
    }

    @Test
    void namesTheDomainAndItsLimits() {
        assertThat(MANIFEST.domain()).isEqualTo("ftp");
        assertThat(MANIFEST.auth()).containsExactlyInAnyOrder(Manifest.Auth.BASIC, Manifest.Auth.PRIVATE_KEY);
        assertThat(MANIFEST.limits().concurrency()).isEqualTo(4);
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(Integration.class)).hasAtLeastOneElementOfType(FtpIntegration.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'protocol': 'ftp', 'host': 'ftp.example.org'}",
                "{'protocol': 'ftps', 'host': '2001:db8::1', 'port': 990, 'path': '/in', 'include': '*.csv'}",
                "{'protocol': 'sftp', 'host': 'h', 'include': ['*.csv', 'a/**'], 'exclude': ['tmp'], 'knownHosts': 'h ssh-rsa A'}",
            })
    void takesAConfigThatCanWork(String config) {
        assertThat(schema.validate(config.replace('\'', '"'), InputFormat.JSON)).isEmpty();
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
        assertThat(schema.validate(config.replace('\'', '"'), InputFormat.JSON)).isNotEmpty();
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
