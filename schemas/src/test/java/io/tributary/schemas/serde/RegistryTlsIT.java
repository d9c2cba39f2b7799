package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that proves who it is by a certificate of a private authority, and asks for that of the client. */
class RegistryTlsIT {

    private static final String PASSWORD = "changeit";

    private final List<String> authorizations = new ArrayList<>();
    private Path folder;
    private HttpsServer server;

    @SuppressWarnings("NullAway.Init") // start() sets them
    RegistryTlsIT() {}

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        makeKey("server");
        makeKey("client");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var context = RegistryTls.contextOf(Map.of(
                "ssl.keystore.location",
                path("server.p12"),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                PASSWORD,
                "ssl.truststore.location",
                path("client.pem"),
                "ssl.truststore.type",
                "PEM"));
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                var ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = "{\"schema\": \"\\\"string\\\"\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void connectsWithItsOwnCertificateAndBasicAuthentication() {
        var settings = new HashMap<>(trust());
        settings.put("schema.registry.ssl.keystore.location", path("client.p12"));
        settings.put("schema.registry.ssl.keystore.type", "PKCS12");
        settings.put("schema.registry.ssl.keystore.password", PASSWORD);
        settings.put("basic.auth.user.info", "me:secret");

        assertThat(schema(settings)).isEqualTo(Schema.create(Schema.Type.STRING));
        assertThat(authorizations).containsExactly("Basic bWU6c2VjcmV0");
    }

    @Test
    void isRefusedWithoutTheCertificateOfTheClient() {
        assertThatThrownBy(() -> schema(trust())).isInstanceOf(TimeoutException.class);
    }

    @Test
    void refusesARegistryThatItDoesNotTrust() {
        assertThatThrownBy(() -> schema(Map.of())).isInstanceOf(TimeoutException.class);
        assertThat(authorizations).isEmpty();
    }

    @Test
    void namesTheSettingsThatCannotBeUsed() {
        assertThatThrownBy(() -> schema(Map.of("schema.registry.ssl.truststore.location", path("none.p12"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.ssl.*");
    }

    private Map<String, String> trust() {
        return Map.of(
                "schema.registry.ssl.truststore.location",
                path("server.pem"),
                "schema.registry.ssl.truststore.type",
                "PEM");
    }

    private Schema schema(Map<String, String> settings) {
        var all = new HashMap<String, String>(settings);
        all.put(
                "schema.registry.url",
                "https://127.0.0.1:" + server.getAddress().getPort());
        var address = SerdeConfig.of(all, false).registry();
        return new SchemaRegistryClient(new RegistryConnection(address)).schema(1, Duration.ZERO);
    }

    private String path(String file) {
        return folder.resolve(file).toString();
    }

    private void makeKey(String name) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                path(name + ".p12"));
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-storepass",
                PASSWORD,
                "-keystore",
                path(name + ".p12"),
                "-file",
                path(name + ".pem"));
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }
}
