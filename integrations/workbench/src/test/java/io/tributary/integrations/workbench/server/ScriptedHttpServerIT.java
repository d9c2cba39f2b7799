package io.tributary.integrations.workbench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.LocalContext;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedHttpServerIT {

    private final ScriptedHttpServer server = ScriptedHttpServer.start();
    private final Http http = LocalContext.empty().http();

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse get(String path) throws TaskFailure, InterruptedException {
        return http.send(HttpRequest.get(server.uri(path)));
    }

    @Test
    void answersByMethodAndPath() throws Exception {
        server.get("/users/{user}/files/{rest...}", request -> ScriptedAnswer.json("got", request.variables()));
        server.post(
                "/users/me",
                request -> ScriptedAnswer.json("posted", request.form("name").orElse("")));

        assertThat(get("/users/ada/files/a%20b/c").json().object("got"))
                .isEqualTo(new JsonObject(Map.of("user", "ada", "rest", "a b/c")));
        assertThat(http.send(HttpRequest.postForm(server.uri("/users/me"), Map.of("name", "Ada & Co")))
                        .json()
                        .requireText("posted"))
                .isEqualTo("Ada & Co");
        assertThat(get("/users/me").status()).isEqualTo(404);
    }

    @Test
    void recordsTheRequests() throws Exception {
        server.post("/search", request -> ScriptedAnswer.json(List.of(1, "two")).gzipped());

        HttpResponse answer = http.send(HttpRequest.postJson(server.uri("/search"), JsonObject.of("a", 1))
                .query("cursor", "a/b+c=&d")
                .query("id", 1)
                .query("id", 2)
                .header("X-Thing", "x"));

        assertThat(answer.jsonList()).hasSize(2);
        assertThat(server.requests("/search")).singleElement().satisfies(request -> {
            assertThat(request.query("cursor")).contains("a/b+c=&d");
            assertThat(request.queryAll("id")).containsExactly("1", "2");
            assertThat(request.query("none")).isEmpty();
            assertThat(request.header("x-THING")).contains("x");
            assertThat(request.json()).isEqualTo(JsonObject.of("a", 1));
        });
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.status(500), "test.providerFailed"),
                Arguments.of(Fault.rateLimited(Duration.ofSeconds(3)), "test.rateLimited"),
                Arguments.of(Fault.truncated(), "test.connectionFailed"),
                Arguments.of(new Fault.Reset(Fault.Stage.MIDWAY), "test.connectionFailed"),
                Arguments.of(new Fault.Reset(Fault.Stage.AFTER_THE_HANDLER), "test.connectionFailed"),
                Arguments.of(Fault.reset(), "test.connectionFailed"),
                Arguments.of(Fault.slow(Duration.ofMinutes(5)), "test.connectionFailed"),
                Arguments.of(Fault.html(), "test.answerUnreadable"),
                Arguments.of(Fault.malformed(), "test.answerUnreadable"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void injectsAFaultOnce(Fault fault, String code) throws Exception {
        server.get("/item", request -> ScriptedAnswer.json("name", "Größe"));
        server.inject(fault, When.next());
        HttpRequest request = HttpRequest.get(server.uri("/item")).timeout(Duration.ofSeconds(2));

        TaskFailure failure =
                catchThrowableOfType(TaskFailure.class, () -> http.send(request).json());

        assertThat(failure.code()).isEqualTo(code);
        assertThat(get("/item").json().requireText("name")).isEqualTo("Größe");
    }

    @Test
    void mislabelsCharsets() throws Exception {
        server.get("/item", request -> ScriptedAnswer.json("name", "Größe"));
        server.inject(Fault.charset("iso-8859-1"), When.request(1));
        server.inject(Fault.charset("no-such"), When.request(2));
        server.inject(Fault.encodedAs(StandardCharsets.UTF_16LE), When.request(3));
        server.inject(Fault.encodedAs(StandardCharsets.ISO_8859_1), When.request(4));

        for (int i = 0; i < 4; i++) {
            assertThat(get("/item").json().requireText("name")).isEqualTo("Größe");
        }
    }

    @Test
    void countsTheRequestsOfAPath() throws Exception {
        server.get("/a", request -> ScriptedAnswer.json("{}"));
        server.get("/b", request -> ScriptedAnswer.json("{}"));
        server.inject(Fault.status(418), When.request(2).at("/a").times(2));

        assertThat(List.of(
                        get("/a").status(),
                        get("/b").status(),
                        get("/a").status(),
                        get("/b").status(),
                        get("/a").status(),
                        get("/a").status()))
                .containsExactly(200, 200, 418, 200, 418, 200);
    }

    @Test
    void keepsConnectionsUntilTheyAreDropped() throws Exception {
        server.get("/a", request -> ScriptedAnswer.json("{}"));
        get("/a");
        get("/a");
        server.dropConnections();
        get("/a");

        assertThat(server.requests()).hasSize(3);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void answersUnderANameThatTheContextGivesIt() throws Exception {
        server.get(
                "/a",
                request -> ScriptedAnswer.json("host", request.header("host").orElse("")));
        var context = LocalContext.empty().withHost("api.shop.example", InetAddress.getLoopbackAddress());

        HttpResponse answer = context.http()
                .send(HttpRequest.get(
                        URI.create("http://api.shop.example:" + server.uri().getPort() + "/a")));

        assertThat(answer.json().requireText("host")).startsWith("api.shop.example:");
    }

    @Test
    @SuppressWarnings("resource")
    void failsTheTestWhenAHandlerThrew() throws Exception {
        var broken = ScriptedHttpServer.start();
        broken.get("/a", request -> {
            throw new IllegalStateException("a bug of the test");
        });

        assertThatThrownBy(() -> http.send(HttpRequest.get(broken.uri("/a")))).isInstanceOf(TaskFailure.class);
        assertThatThrownBy(broken::close).isInstanceOf(AssertionError.class).hasRootCauseMessage("a bug of the test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/items?size=5", "/unpublished"})
    @SuppressWarnings("resource")
    void failsTheTestWhenARequestOrAnAnswerIsNotAsThePublishedApiHasIt(String path) throws Exception {
        var provider = ScriptedHttpServer.start().heldAgainst(new ItemsOnly());
        provider.get("/items", request -> ScriptedAnswer.json("items", List.of()));
        provider.get("/unpublished", request -> ScriptedAnswer.json("{}"));

        assertThat(http.send(HttpRequest.get(provider.uri("/items"))).status()).isEqualTo(200);
        assertThat(http.send(HttpRequest.get(provider.uri(path))).status()).isEqualTo(200);
        assertThatThrownBy(provider::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(path)
                .hasMessageContaining("it is unpublished");
    }

    /** An API of one request without parameters, and one answer to it. */
    private static final class ItemsOnly implements PublishedApi {

        @Override
        public List<String> problemsOf(ReceivedRequest request) {
            return request.parameters().isEmpty() ? List.of() : List.of("it is unpublished");
        }

        @Override
        public List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer) {
            return request.path().equals("/items") ? List.of() : List.of("it is unpublished");
        }
    }
}
