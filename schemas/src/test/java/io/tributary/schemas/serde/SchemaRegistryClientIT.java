package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tributary.schemas.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryClientIT {

    private static final String STRING = "{\"schema\": \"\\\"string\\\"\"}";

    private ScriptedRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new ScriptedRegistry();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void asksForAnIdOnce() {
        registry.answers(200, STRING);
        var client = client(registry.url());

        assertThat(client.schema(7, Duration.ZERO)).isEqualTo(Schema.create(Schema.Type.STRING));
        assertThat(client.schema(7, Duration.ZERO)).isEqualTo(Schema.create(Schema.Type.STRING));

        assertThat(registry.requests()).containsExactly("GET /apis/ccompat/v7/schemas/ids/7");
    }

    @Test
    void registersASchemaOnceAndKnowsItsIdFromThenOn() {
        registry.answers(200, "{\"id\": 12}");
        var client = client(registry.url());

        assertThat(client.id("a subject/with signs", Task.SCHEMA$, true)).isEqualTo(12);
        assertThat(client.id("a subject/with signs", Task.SCHEMA$, true)).isEqualTo(12);
        assertThat(client.schema(12, Duration.ZERO)).isEqualTo(Task.SCHEMA$);

        assertThat(registry.requests())
                .containsExactly("POST /apis/ccompat/v7/subjects/a%20subject%2Fwith%20signs/versions");
    }

    @Test
    void looksASchemaUpWhereItMustNotRegister() {
        registry.answers(200, "{\"id\": 12}");

        assertThat(client(registry.url()).id("s", Task.SCHEMA$, false)).isEqualTo(12);

        assertThat(registry.requests()).containsExactly("POST /apis/ccompat/v7/subjects/s");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408})
    void asksAgainWhenTheRegistryCannotAnswerNow(int status) {
        registry.answers(status, "later").answers(status, "later").answers(200, STRING);

        assertThat(client(registry.url()).schema(1, Duration.ZERO).getType()).isEqualTo(Schema.Type.STRING);
    }

    @Test
    void givesUpAfterThreeRoundsWithARetriableFailure() {
        registry.answers(503, "a").answers(503, "b").answers(503, "c").answers(200, STRING);

        assertThatThrownBy(() -> client(registry.url()).schema(1, Duration.ZERO))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining(registry.url())
                .hasMessageContaining("503");
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void turnsToTheNextReplicaAtOnce() throws Exception {
        registry.answers(200, STRING);
        String away = "http://127.0.0.1:" + closedPort();

        assertThat(client(away + "," + registry.url()).schema(1, Duration.ZERO).getType())
                .isEqualTo(Schema.Type.STRING);
    }

    @Test
    void saysWhereNobodyAnswersAndWhatToDo() throws Exception {
        String away = "127.0.0.1:" + closedPort();

        assertThatThrownBy(() -> client("http://" + away, "me:secret").schema(1, Duration.ZERO))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("http://" + away)
                .hasMessageContaining("start it, or correct schema.registry.url")
                .hasMessageNotContaining("secret");
    }

    @Test
    void sendsCredentials() {
        registry.answers(200, STRING);

        client("http://" + registry.hostAndPort(), "me:secret").schema(1, Duration.ZERO);

        assertThat(registry.authorizations()).containsExactly("Basic bWU6c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void blamesTheCredentialsWhenTheyAreRefused(int status) {
        registry.answers(status, "no");

        assertThatThrownBy(() -> client(registry.url()).schema(1, Duration.ZERO))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("correct basic.auth.user.info");
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void triesAgainWhileTheRegistryDoesNotKnowAnIdYet() {
        registry.answers(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                .answers(200, STRING);
        var client = client(registry.url());

        assertThatThrownBy(() -> client.schema(7, Duration.ofMinutes(5)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("schema 7 is not known to the registry yet");

        assertThat(client.schema(7, Duration.ofMinutes(5))).isEqualTo(Schema.create(Schema.Type.STRING));
    }

    @Test
    void givesAnIdUpThatTheRegistryNeverKnew() {
        registry.answers(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                .answers(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}");
        var client = client(registry.url());

        assertThat(catchThrowable(() -> client.schema(7, Duration.ofMillis(100))))
                .isInstanceOf(TimeoutException.class);
        assertThat(catchThrowable(() -> client.schema(7, Duration.ofMillis(100))))
                .as("after the pause of the first, which is longer")
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void tellsAnUnknownSchemaFromAWrongUrl() {
        registry.answers(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                .answers(404, "<html>nginx</html>")
                .answers(301, "")
                .answers(200, "<html>welcome</html>")
                .answers(200, "{}");
        var client = client(registry.url());

        assertThat(catchThrowable(() -> client.schema(1, Duration.ZERO))).isInstanceOf(SerializationException.class);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> client.schema(1, Duration.ZERO))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is schema.registry.url right?");
        }
        assertThat(registry.requests()).hasSize(5);
    }

    @Test
    void blamesTheSchemaWhenItIsIncompatibleOrInvalid() {
        registry.answers(409, "{\"error_code\": 409, \"message\": \"required field added\"}")
                .answers(422, "{\"error_code\": 42201, \"message\": \"invalid\"}");
        var client = client(registry.url());

        assertThatThrownBy(() -> client.id("s", Task.SCHEMA$, true))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("not compatible")
                .hasMessageContaining("required field added");
        assertThatThrownBy(() -> client.id("s", Task.SCHEMA$, true))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("not valid");
    }

    @Test
    void refusesSchemasThatAreNotAvro() {
        registry.answers(200, "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message M {}\"}")
                .answers(200, "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}");
        var client = client(registry.url());

        assertThatThrownBy(() -> client.schema(1, Duration.ZERO))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("PROTOBUF");
        assertThatThrownBy(() -> client.schema(1, Duration.ZERO))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("cannot be parsed");
    }

    @Test
    void followsReferencesInCirclesOnlyOnce() {
        String referring = "{\"schema\": \"{\\\"type\\\": \\\"fixed\\\", \\\"name\\\": \\\"%s\\\", \\\"size\\\": 1}\","
                + " \"references\": [{\"name\": \"R\", \"subject\": \"s\", \"version\": 1}]}";
        registry.answers(200, referring.formatted("A")).answers(200, referring.formatted("R"));

        assertThat(client(registry.url()).schema(1, Duration.ZERO).getName()).isEqualTo("A");

        assertThat(registry.requests())
                .containsExactly("GET /apis/ccompat/v7/schemas/ids/1", "GET /apis/ccompat/v7/subjects/s/versions/1");
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        registry.answers(503, "later").answers(503, "later").answers(503, "later");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> client(registry.url()).schema(1, Duration.ZERO))
                .isInstanceOf(InterruptException.class);

        assertThat(Thread.interrupted()).as("the flag is set again").isTrue();
    }

    private static SchemaRegistryClient client(String urls) {
        return client(urls, null);
    }

    private static SchemaRegistryClient client(String urls, @Nullable String userInfo) {
        return new SchemaRegistryClient(new RegistryConnection(RegistryAddress.of(urls, userInfo, Map.of())));
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
