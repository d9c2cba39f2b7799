package io.tributary.integrations.workbench.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.HttpConnections;
import io.tributary.integrations.http.Transport;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded over sockets answers alike without them. */
class RecordingIT {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final String KEY = "key-0123456789";

    @TempDir
    private Path folder;

    private final ScriptedHttpServer provider = ScriptedHttpServer.start();
    private final HttpConnections connections = new HttpConnections(host -> List.of(InetAddress.getLoopbackAddress()));
    private final Redaction redaction = Redaction.of(Map.of("apiKey", KEY));
    private final RecordExchanges recorder = new RecordExchanges(redaction);

    @AfterEach
    void stop() {
        connections.close();
        provider.close();
    }

    @Test
    void answersInOrderWithStatusHeadersAndBody() throws Exception {
        provider.get(
                "/items",
                _ -> ScriptedAnswer.json("page", provider.requests().size()).header("ETag", "\"1\""));
        URI items = provider.uri("/items");
        client(recorded()).send(HttpRequest.get(items));
        client(recorded()).send(HttpRequest.get(items));

        Http replay = client(replayed());

        HttpResponse first = replay.send(HttpRequest.get(items));
        assertThat(first.json().integer("page")).contains(1L);
        assertThat(first.header("etag")).contains("\"1\"");
        assertThat(replay.send(HttpRequest.get(items)).json().integer("page")).contains(2L);
        assertNotRecorded(replay, items);
    }

    @Test
    void repeatsRefusalsAsTheClientJudgedThem() throws Exception {
        provider.get("/items", _ -> ScriptedAnswer.json("ok", true));
        provider.inject(Fault.rateLimited(Duration.ofSeconds(90)), When.request(1));
        provider.inject(Fault.unauthorized(), When.request(2).times(2));
        var items = HttpRequest.get(provider.uri("/items"));
        assertThatThrownBy(() -> client(recorded()).send(items)).isInstanceOf(TaskFailure.RetryLater.class);
        assertThatThrownBy(() -> client(recorded()).send(items)).isInstanceOf(TaskFailure.Unauthorized.class);

        Http replay = client(replayed());

        assertThatThrownBy(() -> replay.send(items))
                .isInstanceOfSatisfying(
                        TaskFailure.RetryLater.class,
                        later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(90)));
        assertThatThrownBy(() -> replay.send(items)).isInstanceOf(TaskFailure.Unauthorized.class);
    }

    @Test
    void takesOutATokenOfASessionThatOnlyTheNextRequestTells() throws Exception {
        provider.get("/login", _ -> ScriptedAnswer.json("sid", "sess10n/t"));
        provider.get("/items", _ -> ScriptedAnswer.json("ok", true));
        client(recorded()).send(HttpRequest.get(provider.uri("/login")));
        client(recorded())
                .send(HttpRequest.get(provider.uri("/items?sid=sess10n%2Ft"))
                        .header("X-Session", "sess10n/t")
                        .hiding("sess10n/t"));

        Path file = folder.resolve("session.json");
        recorder.recording("shop", AT, Set.of()).write(file);

        assertThat(Files.readString(file)).contains("/login", "X-Session").doesNotContain("sess10n");
    }

    @Test
    void followsRecordedRedirects() throws Exception {
        provider.get("/old", _ -> ScriptedAnswer.redirect(302, "/new?api_key=" + KEY));
        provider.get("/new", _ -> ScriptedAnswer.json("moved", true));
        client(recorded()).send(HttpRequest.get(provider.uri("/old")));

        assertThat(client(replayed())
                        .send(HttpRequest.get(provider.uri("/old")))
                        .json()
                        .bool("moved"))
                .contains(true);
    }

    @Test
    void repeatsThatThereWasNoAnswer() throws Exception {
        provider.get("/items", _ -> ScriptedAnswer.json("ok", true));
        provider.inject(Fault.reset(), When.next());
        var items = HttpRequest.get(provider.uri("/items"));
        assertThatThrownBy(() -> client(recorded()).send(items)).isInstanceOf(TaskFailure.Transient.class);

        assertThatThrownBy(() -> client(replayed()).send(items))
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        failure -> assertThat(failure.code()).isEqualTo("shop.connectionFailed"));
    }

    @Test
    void keepsBytesThatAreNoText() throws Exception {
        byte[] picture = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};
        provider.get("/picture", _ -> ScriptedAnswer.status(200).body("image/png", picture));
        client(recorded()).send(HttpRequest.get(provider.uri("/picture")));

        assertThat(client(replayed())
                        .send(HttpRequest.get(provider.uri("/picture")))
                        .bytes())
                .isEqualTo(picture);
    }

    @Test
    void writesNoSecretAndFindsTheRequestAllTheSame() throws Exception {
        provider.post("/token", _ -> ScriptedAnswer.json("access_token", "issued-987654321"));
        provider.get("/me", _ -> ScriptedAnswer.json("echo", KEY).header("Set-Cookie", "s=hidden-session"));
        Http http = client(recorded());
        http.send(HttpRequest.postForm(provider.uri("/token"), Map.of("code", KEY))
                .header("X-Shop-Key", KEY));
        var me = HttpRequest.get(provider.uri("/me"))
                .bearer("issued-987654321")
                .query("k", KEY)
                .query("t", "issued-987654321");
        http.send(me);

        Transport replay = replayed();

        assertThat(Files.readString(file())).doesNotContain(KEY, "issued-987654321", "hidden-session");
        assertThat(client(replay).send(me).json().text("echo")).contains("REDACTED");
    }

    @Test
    void refusesAFileThatIsNoRecording() throws Exception {
        Files.writeString(file(), "{\"domain\": \"shop\"}");

        assertThatThrownBy(() -> Recording.read(file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'at' is missing");
    }

    private static void assertNotRecorded(Http replay, URI uri) {
        assertThatThrownBy(() -> replay.send(HttpRequest.get(uri)))
                .isInstanceOfSatisfying(
                        TaskFailure.Permanent.class,
                        failure -> assertThat(failure.code()).isEqualTo("integration.notRecorded"))
                .hasMessageContaining("GET " + uri);
    }

    private Transport recorded() {
        return recorder.before(connections.transport("shop"));
    }

    private Http client(Transport transport) {
        return transport.http("shop", SettableClock.at(AT), quota -> {});
    }

    /** By way of the file. */
    private Transport replayed() throws Exception {
        recorder.recording("shop", AT, Set.of("apiKey")).write(file());
        return new ReplayExchanges(Recording.read(file()), redaction);
    }

    private Path file() {
        return folder.resolve("recording.json");
    }
}
