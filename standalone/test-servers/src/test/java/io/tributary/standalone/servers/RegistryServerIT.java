package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerIT {

    private static final String FIRST = schema("{\\\"name\\\": \\\"id\\\", \\\"type\\\": \\\"string\\\"}");
    private static final String WITH_A_REQUIRED_FIELD_MORE =
            schema("{\\\"name\\\": \\\"id\\\", \\\"type\\\": \\\"string\\\"},"
                    + " {\\\"name\\\": \\\"more\\\", \\\"type\\\": \\\"string\\\"}");

    @TempDir
    Path folder;

    @Test
    void findsSchemasAgainAfterARestartAndRefusesIncompatibleOnes() throws Exception {
        var postgres = TestServers.postgres();
        String id;
        try (var registry = RegistryServer.start(folder, 0, postgres)) {
            id = register(registry, FIRST).body();
        }

        try (var registry = RegistryServer.start(folder, 0, postgres)) {
            assertThat(get(registry, "/subjects/restart/versions/1").statusCode())
                    .isEqualTo(200);
            assertThat(register(registry, FIRST).body()).isEqualTo(id);
            assertThat(get(registry, "/config").body()).contains("BACKWARD_TRANSITIVE");
            assertThat(register(registry, WITH_A_REQUIRED_FIELD_MORE).statusCode())
                    .isEqualTo(409);
        }
        AssertServers.assertNoProcessIn(folder);
    }

    @Test
    void tellsThatThePortIsInUse() throws Exception {
        var postgres = TestServers.postgres();
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AssertServers.assertFails(
                    ServerFailure.Reason.PORT_IN_USE,
                    () -> RegistryServer.start(folder, other.getLocalPort(), postgres));
        }
    }

    @Test
    void asksToBuildFirstWhereTheRegistryIsMissing() {
        String home = System.getProperty(RegistryServer.HOME_PROPERTY);
        System.setProperty(RegistryServer.HOME_PROPERTY, folder.toString());
        try {
            AssertServers.assertFails(
                            ServerFailure.Reason.REGISTRY_MISSING,
                            () -> RegistryServer.start(folder, 0, TestServers.postgres()))
                    .hasMessageContaining("build first");
        } finally {
            System.setProperty(RegistryServer.HOME_PROPERTY, home);
        }
    }

    private static String schema(String fields) {
        return "{\"schema\": \"{\\\"type\\\": \\\"record\\\", \\\"name\\\": \\\"Drop\\\", \\\"fields\\\": [" + fields
                + "]}\"}";
    }

    private static HttpResponse<String> register(RegistryServer registry, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/restart/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(RegistryServer registry, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }
}
