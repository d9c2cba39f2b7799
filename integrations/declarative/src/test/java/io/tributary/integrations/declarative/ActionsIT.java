package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Actions of a file: what they send, what their answers mean, and how an effect is found. */
class ActionsIT {

    private static final String FILE = """
            domain: post
            version: 1.0.0
            displayName: Post
            baseUrl: http://127.0.0.1:1
            auth: {type: apiKey, header: X-Key}
            errors:
              - {when: body.error = 'nobody', failure: permanent, code: nobody, message: There is nobody.}
              - {status: 503, failure: transient, withoutEffect: true, message: It was not taken.}
            actions:
              send:
                inputSchema: {properties: {text: {type: string}, to: {type: string}}, required: [text]}
                request:
                  method: POST
                  path: /messages/${config.box}
                  headers: {X-Once: "${effect.key}"}
                  body: {text: "${input.text}", to: "${input.to}", again: "${effect.mayHaveHappened}"}
                result: {providerId: message.id, data: {state: message.state, none: message.none}}
                lookup:
                  request: {path: /messages, query: {key: "${effect.key}"}, missing: [404]}
                  found: messages[key = $effect.key][0]
                  complete: $type(messages) = 'array' and $count(messages) < 3
                  result: {providerId: id}
            """;

    private static final JsonObject HELLO = JsonObject.of("text", "hello");
    private static final Effect EFFECT = new Effect("invoice:7", false);

    private final ScriptedHttpServer http = ScriptedHttpServer.start();
    private final ConnectedAccount account = account(FILE);

    @AfterEach
    void close() {
        http.close();
    }

    private ConnectedAccount account(String file) {
        return ConnectedAccount.of(Shop.parse(file))
                .config("baseUrl", http.uri().toString())
                .config("box", "a b")
                .credentials(Map.of("apiKey", "s3cret-key"));
    }

    @Test
    void sendsTheInputWithTheKeyAndKeepsTheResult() throws Exception {
        http.post(
                "/messages/a b",
                request -> ScriptedAnswer.json("message", Map.of("id", 17, "state", "queued", "text", "hello")));

        Output effect = account.act("send", HELLO, EFFECT);

        assertThat(effect.kind()).isEqualTo(Output.Kind.EFFECT);
        assertThat(effect.externalId()).isEqualTo("invoice:7");
        assertThat(effect.name()).isEqualTo("17");
        assertThat(effect.metadata()).isEqualTo(JsonObject.of("state", "queued"));
        var request = http.requests().getFirst();
        assertThat(request.header("X-Once")).contains("invoice:7");
        assertThat(request.header("X-Key")).contains("s3cret-key");
        assertThat(request.json()).isEqualTo(JsonObject.of("text", "hello").with("again", false));
    }

    @Test
    void theManifestNeedsNoSyncType() throws Exception {
        var manifest = Shop.parse(FILE).manifest();

        assertThat(manifest.syncTypes()).isEmpty();
        assertThat(manifest.taskTypes()).extracting("name").containsExactly("send");
        assertThat(manifest.actions()).singleElement().satisfies(action -> {
            assertThat(action.repeat()).isEqualTo(Action.Repeat.LOOK_UP);
            assertThat(action.priority()).isEqualTo(2);
            assertThat(action.inputSchema()).contains("\"required\":[\"text\"]", "\"type\":\"object\"");
        });
        assertThat(account.identify()).isEqualTo(Account.UNKNOWN);
    }

    @Test
    void connectingChecksTheFormOfTheCredentialsAtLeast() {
        for (Map<String, String> credentials :
                List.of(Map.<String, String>of(), Map.of("password", "x"), Map.of("apiKey", "line\nbreak"))) {
            assertThatThrownBy(account(FILE).credentials(credentials)::identify)
                    .isInstanceOf(TaskFailure.Unauthorized.class);
        }
        assertThat(http.requests()).isEmpty();
    }

    @Test
    void aFileMayHaveStreamsAndActions() {
        var manifest = Shop.parse(FILE + """
                streams:
                  items:
                    request: {path: /items}
                    output: {id: id}
                """).manifest();

        assertThat(manifest.taskTypes()).extracting("name").containsExactly("sync-default", "items", "send");
    }

    @Test
    void findsAnEffectOrSaysThatThereIsNone() throws Exception {
        var again = new Effect("invoice:7", true);
        http.get("/messages", request -> ScriptedAnswer.json("messages", List.of(Map.of("key", "invoice:8", "id", 1))));
        assertThat(account.lookUp("send", HELLO, again)).isEmpty();

        http.get("/messages", request -> ScriptedAnswer.status(404));
        assertThat(account.lookUp("send", HELLO, again)).isEmpty();

        http.get(
                "/messages",
                request -> ScriptedAnswer.json(
                        "messages",
                        List.of(
                                Map.of("key", "invoice:8", "id", 1),
                                Map.of("key", request.query("key").orElse(""), "id", 2))));
        assertThat(account.lookUp("send", HELLO, again)).hasValueSatisfying(found -> {
            assertThat(found.externalId()).isEqualTo("invoice:7");
            assertThat(found.name()).isEqualTo("2");
        });

        http.get("/messages", request -> ScriptedAnswer.status(500));
        assertThatThrownBy(() -> account.lookUp("send", HELLO, again)).isInstanceOf(TaskFailure.Transient.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            200 | text/html        | <html>Sign in to the network</html>
            200 | application/json | {"messages": [{"key"
            200 | application/json | ``
            200 | application/json | null
            200 | application/json | {"error": "try again"}
            200 | application/json | {"messages": null}
            200 | application/json | {"messages": {"key": "invoice:8"}}
            200 | application/json | {"messages": [{"key": 1}, {"key": 2}, {"key": 3}]}
            204 | application/json | ``
            304 | application/json | ``
            404 | text/html        | <html>This page is not here</html>
            400 | application/json | {"messages": []}
            403 | application/json | {"messages": []}
            """)
    void anAnswerThatDoesNotProveThatThereWasNoEffectLeavesItUncertain(int status, String type, String body) {
        http.get("/messages", request -> ScriptedAnswer.status(status).body(type, body));

        TaskFailure failure = catchThrowableOfType(
                TaskFailure.class, () -> account.lookUp("send", HELLO, new Effect("invoice:7", true)));

        assertThat(certain(failure)).isFalse();
    }

    @Test
    void aLookUpHasToSayWhatProvesThatThereWasNoEffect() {
        String file = FILE.replace("complete: $type(messages) = 'array' and $count(messages) < 3", "");
        Shop.parse(file);

        assertThatThrownBy(() -> DeclarativeIntegration.parse("post.yaml", file.replace(", missing: [404]}", "}")))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("'complete'");
    }

    @Test
    void aTaskHasTimeForTheRequestOfItsAction() {
        String file = FILE.replace("lookup:\n", "lookup:\n      after: 20s\n") + "http: {timeout: 40s}\n";
        Shop.parse(file + "limits: {taskTimeout: 61s}\n");

        assertThatThrownBy(() -> DeclarativeIntegration.parse("post.yaml", file + "limits: {taskTimeout: 60s}\n"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("taskTimeout");
    }

    @Test
    void refusesAnInputThatIsNotAsTheSchemaSays() {
        var failure = catchThrowableOfType(
                TaskFailure.Permanent.class, () -> account.act("send", JsonObject.of("to", "x"), EFFECT));

        assertThat(failure.code()).isEqualTo("post.invalidInput");
        assertThat(failure.reason()).contains("text").contains("send");
        assertThat(http.requests()).isEmpty();
    }

    @Test
    void saysWhichFailuresHadNoEffect() throws Exception {
        http.post("/messages/a b", request -> ScriptedAnswer.json("error", "nobody"));
        assertThat(failure().code()).isEqualTo("post.nobody");
        assertThat(failure()).isInstanceOf(TaskFailure.Permanent.class);

        http.post("/messages/a b", request -> ScriptedAnswer.status(422));
        assertThat(failure()).isInstanceOf(TaskFailure.Permanent.class);

        http.post("/messages/a b", request -> ScriptedAnswer.status(503));
        assertThat(certain(failure())).isTrue();

        http.post("/messages/a b", request -> ScriptedAnswer.status(500));
        assertThat(certain(failure())).isFalse();

        http.inject(Fault.reset(), When.always());
        assertThat(certain(failure())).isFalse();
        http.heal();

        account.config("baseUrl", "http://127.0.0.1:" + closedPort());
        assertThat(certain(failure())).isTrue();
    }

    private static boolean certain(TaskFailure failure) {
        assertThat(failure).isInstanceOf(TaskFailure.Transient.class);
        return failure instanceof TaskFailure.Transient it && it.isWithoutEffect();
    }

    @ParameterizedTest
    @ValueSource(strings = {"thanks", "{broken", "", "[1]", "{\"message\": {\"id\": {}}}", "<html></html>"})
    void anEffectIsOneWhateverItsAnswerLooksLike(String body) throws Exception {
        http.post("/messages/a b", request -> ScriptedAnswer.status(200).body("text/plain", body));

        assertThat(account.act("send", HELLO, EFFECT).externalId()).isEqualTo("invoice:7");
    }

    @Test
    void aPartOfAResultThatCannotBeReadOrDoesNotFitIsLeftOutAlone() throws Exception {
        http.post(
                "/messages/a b",
                request -> ScriptedAnswer.json(
                        "message", Map.of("id", "17", "state", "queued", "text", "ä".repeat(8192))));

        Output effect = account(FILE.replace(
                        "{state: message.state,",
                        "{no: $number(message.state), long: message.text, state: message.state,"))
                .act("send", HELLO, EFFECT);

        assertThat(effect.name()).isEqualTo("17");
        assertThat(effect.metadata()).isEqualTo(JsonObject.of("state", "queued"));
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "1025, 0"})
    void anIdThatIsTooLongIsLeftOut(int bytes, int kept) throws Exception {
        http.post(
                "/messages/a b",
                request ->
                        ScriptedAnswer.json("message", Map.of("id", "x".repeat(bytes - 2) + "ä", "state", "queued")));

        Output effect = account.act("send", HELLO, EFFECT);

        assertThat(effect.name().getBytes(StandardCharsets.UTF_8)).hasSize(kept);
        assertThat(effect.metadata()).isEqualTo(JsonObject.of("state", "queued"));
    }

    private TaskFailure failure() {
        TaskFailure failure = catchThrowableOfType(TaskFailure.class, () -> account.act("send", HELLO, EFFECT));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).doesNotContain("s3cret");
        return failure;
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
