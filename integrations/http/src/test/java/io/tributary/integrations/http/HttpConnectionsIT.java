package io.tributary.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.egress.EgressClient.Bounds;
import io.tributary.egress.Tenant;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpConnectionsIT {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    private final List<String> resolved = new CopyOnWriteArrayList<>();
    private final List<Quota> quotas = new ArrayList<>();
    private final HttpConnections connections = new HttpConnections(this::resolve);
    private final Http http = connections.forIntegration("shop", NOON, quotas::add);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void close() {
        end.countDown();
        connections.close();
    }

    private List<InetAddress> resolve(String host) throws TaskFailure {
        resolved.add(host);
        if (host.toLowerCase(Locale.ROOT).startsWith("inside")) {
            throw new TaskFailure.Misconfigured("polling.addressRefused", "No.", null);
        }
        if (host.endsWith(".invalid")) {
            throw new TaskFailure.Transient("polling.hostUnknown", "No host " + host, null);
        }
        try {
            return host.endsWith(".example")
                    ? List.of(InetAddress.getLoopbackAddress())
                    : List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new TaskFailure.Transient("polling.hostUnknown", "No host " + host, null);
        }
    }

    @Test
    void returnsTheAnswer() throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> connection.ok("{\"a\":[1,{\"b\":null}]}", "X-Thing: one", "x-thing: two"))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/x?q=1")));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().list("a")).hasSize(2);
            assertThat(answer.header("X-THING")).contains("one");
            assertThat(answer.uri()).isEqualTo(server.uri("/x?q=1"));
            assertThat(server.requests.getFirst()).startsWith("GET /x?q=1 HTTP/1.1\r\n");
            assertThat(RawServer.header(server.requests.getFirst(), "User-Agent"))
                    .singleElement()
                    .asString()
                    .matches("Tributary/\\d+\\.\\d+.*");
        }
    }

    @Test
    void sendsHeadersAndBody() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            http.send(HttpRequest.postJson(server.uri("/x"), JsonObject.of("a", "ä"))
                    .bearer("secret")
                    .header("X-Api-Version", "7"));

            String request = server.requests.getFirst();
            assertThat(request).startsWith("POST /x HTTP/1.1\r\n");
            assertThat(RawServer.header(request, "Authorization")).containsExactly("Bearer secret");
            assertThat(RawServer.header(request, "Content-Type")).containsExactly("application/json");
            assertThat(RawServer.header(request, "Content-Length")).containsExactly("10");
            assertThat(RawServer.header(request, "X-Api-Version")).containsExactly("7");
        }
    }

    @Test
    void usesOneConnectionForRequestsInARow() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            for (int i = 0; i < 100; i++) {
                http.send(HttpRequest.get(server.uri("/" + i)));
            }

            assertThat(server.requests).hasSize(100);
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void keepsTheConnectionOfARefusedRequest() throws Exception {
        try (var server = RawServer.start((request, connection) ->
                request.startsWith("GET /bad") ? connection.status("502 Bad Gateway") : connection.ok("{}"))) {
            assertFails(HttpRequest.get(server.uri("/bad")), TaskFailure.Transient.class, "shop.providerFailed");
            http.send(HttpRequest.get(server.uri("/good")));

            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void sendsAgainWhenTheKeptConnectionWasDead() throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            if (connection.number() == 1 && request.startsWith("GET /second")) {
                return connection.reset();
            }
            return connection.ok("{}");
        })) {
            http.send(HttpRequest.get(server.uri("/first")));
            http.send(HttpRequest.get(server.uri("/second")));

            assertThat(server.requests).hasSize(3);
        }
    }

    @Test
    void sendsNoRequestWithAnEffectTwice() throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> request.startsWith("POST") ? connection.reset() : connection.ok("{}"))) {
            http.send(HttpRequest.get(server.uri("/first")));
            assertFails(
                    HttpRequest.postForm(server.uri("/second"), Map.of()),
                    TaskFailure.Transient.class,
                    "shop.connectionFailed");

            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndKeepsTheName() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            http.send(HttpRequest.get(URI.create("http://api.example:" + server.port() + "/")));

            assertThat(resolved).containsExactly("api.example");
            assertThat(RawServer.header(server.requests.getFirst(), "Host"))
                    .containsExactly("api.example:" + server.port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://inside.example/", "https://inside.example/", "http://INSIDE.example:8080/x"})
    void asksTheResolverWhetherAHostMayBeConnectedTo(String uri) {
        assertFails(HttpRequest.get(URI.create(uri)), TaskFailure.Misconfigured.class, "polling.addressRefused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]"})
    void asksTheResolverAboutAddressesToo(String literal) {
        try (var none = new HttpConnections(host -> {
            resolved.add(host);
            throw new TaskFailure.Misconfigured("polling.addressRefused", "No.", null);
        })) {
            var refusing = none.forIntegration("shop", NOON, quotas::add);

            assertThatThrownBy(() -> refusing.send(HttpRequest.get(URI.create("http://" + literal + ":9/"))))
                    .isInstanceOf(TaskFailure.Misconfigured.class);
            assertThat(resolved).hasSize(1);
        }
    }

    @Test
    void connectsToNothingWhenTheResolverFindsNothing() {
        try (var none = new HttpConnections(host -> List.of())) {
            assertThatThrownBy(() -> none.forIntegration("shop", NOON, quotas::add)
                            .send(HttpRequest.get(URI.create("http://localhost:9/"))))
                    .isInstanceOf(TaskFailure.Transient.class);
        }
    }

    @Test
    void asksTheResolverAtRedirectsToo() throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> connection.status("302 Found", "Location: http://inside.example/"))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Misconfigured.class, "polling.addressRefused");
        }
    }

    @Test
    void followsFiveRedirects() throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            int number = Integer.parseInt(request.substring(5, 6));
            return number == 5
                    ? connection.ok("{}")
                    : connection.status("302 Found", "Location: " + (number + 1) + "?from=ö");
        })) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/0")));

            assertThat(answer.uri().getPath()).isEqualTo("/5");
            assertThat(server.requests).hasSize(6);
        }
    }

    @Test
    void givesUpAtTheSixthRedirect() throws Exception {
        try (var server =
                RawServer.start((request, connection) -> connection.status("307 Again", "Location: /again"))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Permanent.class, "shop.tooManyRedirects");
            assertThat(server.requests).hasSize(6);
        }
    }

    @ParameterizedTest
    @CsvSource({"301, GET", "302, GET", "303, GET", "307, POST", "308, POST"})
    void redirectsAPostAsBrowsersDo(int status, String method) throws Exception {
        try (var server = RawServer.start((request, connection) -> request.startsWith("POST /from")
                ? connection.status(status + " Moved", "Location: /to")
                : connection.ok("{}"))) {
            http.send(HttpRequest.postForm(server.uri("/from"), Map.of("a", "b")));

            String second = server.requests.get(1);
            assertThat(second).startsWith(method + " /to ");
            assertThat(RawServer.header(second, "Content-Type").isEmpty()).isEqualTo(method.equals("GET"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Location: http://inside.example/  | 200 OK
        Location: http://unknown.invalid/ | 200 OK
        Location: ftp://127.0.0.1/        | 200 OK
        Location: /from                   | 303 Other
        Location: /to                     | 401 Unauthorized
        Location: /to                     | 403 Forbidden
        Location: /to                     | 404 Not Found
        Location: /to                     | 429 Later
        Location: /to                     | 500 Failed
        """)
    void aPostThatWasRedirectedMayHaveTakenEffect(String location, String target) throws Exception {
        for (int status : List.of(301, 302, 303)) {
            try (var server = RawServer.start((request, connection) -> request.startsWith("POST")
                    ? connection.status(status + " Moved", location)
                    : connection.status(target, "Location: /from"))) {
                HttpRequest post = HttpRequest.postForm(server.uri("/from"), Map.of("a", "b"));

                TaskFailure failure =
                        catchThrowableOfType(TaskFailure.class, () -> http.send(post.expecting(403, 404)));

                assertThat(failure)
                        .isInstanceOfSatisfying(
                                TaskFailure.Transient.class,
                                it -> assertThat(it.isWithoutEffect()).isFalse());
                assertThat(server.requests)
                        .filteredOn(request -> request.startsWith("POST"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void aPostThatIsToBeSentElsewhereTookNoEffect() throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> connection.status("308 Moved", "Location: http://inside.example/"))) {
            assertFails(
                    HttpRequest.of("DELETE", server.uri("/")),
                    TaskFailure.Misconfigured.class,
                    "polling.addressRefused");
        }
    }

    @Test
    void takesNoSecretsToAnotherOrigin() throws Exception {
        try (var other = RawServer.start((request, connection) -> connection.ok("{}"));
                var server = RawServer.start((request, connection) -> request.startsWith("GET /here")
                        ? connection.ok("{}")
                        : connection.status(
                                "302 Found",
                                request.startsWith("GET /away")
                                        ? "Location: " + other.uri("/there")
                                        : "Location: /here"))) {
            HttpRequest request = HttpRequest.get(server.uri("/away"))
                    .bearer("secret")
                    .header("Cookie", "session=secret")
                    .header("X-Api-Key", "secret")
                    .header("Accept", "application/json");
            http.send(request);
            http.send(HttpRequest.get(server.uri("/stay")).header("X-Api-Key", "secret"));

            assertThat(other.requests.getFirst()).doesNotContain("secret").contains("application/json");
            assertThat(server.requests.getLast()).startsWith("GET /here").contains("X-Api-Key: secret");
        }
    }

    @ParameterizedTest
    @CsvSource({"307", "308"})
    void takesNoBodyToAnotherOrigin(int status) throws Exception {
        try (var other = RawServer.start((request, connection) -> connection.ok("{}"));
                var server = RawServer.start((request, connection) ->
                        connection.status(status + " Moved", "Location: " + other.uri("/there")))) {
            assertFails(
                    HttpRequest.postForm(server.uri("/from"), Map.of("password", "secret")),
                    TaskFailure.Permanent.class,
                    "shop.redirectRefused");
            assertThat(other.requests).isEmpty();

            http.send(HttpRequest.get(server.uri("/from")));
            assertThat(other.requests).as("without a body").hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://user@127.0.0.1/", "\u0001:"})
    void followsNoRedirectToWhatIsNoHttp(String location) throws Exception {
        try (var server =
                RawServer.start((request, connection) -> connection.status("302 Found", "Location: " + location))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.answerUnreadable");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        401 | WWW-Authenticate: Bearer   | shop.authFailed       | Unauthorized
        408 | X: y                       | shop.providerFailed   | Transient
        425 | X: y                       | shop.providerFailed   | Transient
        429 | X: y                       | shop.rateLimited      | RetryLater
        500 | X: y                       | shop.providerFailed   | Transient
        503 | X: y                       | shop.providerFailed   | Transient
        503 | Retry-After: soon          | shop.providerFailed   | Transient
        503 | Retry-After: 7             | shop.rateLimited      | RetryLater
        403 | Retry-After: 7             | shop.rateLimited      | RetryLater
        399 | X: y                       | shop.answerUnreadable | Transient
        302 | X: y                       | shop.answerUnreadable | Transient
        """)
    void saysWhatAStatusMeans(int status, String header, String code, String kind) throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.status(status + " Status", header))) {
            HttpRequest request =
                    HttpRequest.get(server.uri("/items?token=secret")).bearer("secret");
            TaskFailure failure = catchThrowableOfType(TaskFailure.class, () -> http.send(request));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(failure.reason()).contains("/items").doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 304, 400, 403, 404, 409, 410, 422})
    void returnsWhatTheIntegrationDecidesOn(int status) throws Exception {
        try (var server =
                RawServer.start((request, connection) -> connection.send("HTTP/1.1 " + status + " X\r\nETag: \"1\"\r\n"
                        + (status == 304 || status == 204 ? "\r\n" : "Content-Length: 2\r\n\r\n{}")))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/")).header("If-None-Match", "\"1\""));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("etag")).contains("\"1\"");
            http.send(HttpRequest.get(server.uri("/")));
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void asksOnceMoreWhenCredentialsAreRefused() throws Exception {
        var asked = new AtomicInteger();
        try (var server = RawServer.start((request, connection) ->
                connection.status(asked.incrementAndGet() == 1 ? "401 Unauthorized" : "200 OK", "X: y"))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/")).bearer("good"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void returnsExpectedFailures() throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> connection.send("HTTP/1.1 500 X\r\nContent-Length: 7\r\n\r\n{\"a\":1}"))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/")).expecting(500, 401));

            assertThat(answer.json().requireInteger("a")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        429 | Retry-After: 120                                             | 120
        429 | Retry-After: Thu, 01 Jan 2026 12:05:00 GMT                   | 300
        429 | Retry-After: 0                                               | 1
        429 | X-None: 0                                                    | 30
        403 | X-RateLimit-Remaining: 0;X-RateLimit-Reset: 1767269100       | 300
        429 | RateLimit-Remaining: 0;RateLimit-Reset: 50                   | 50
        """)
    void restsAsLongAsTheProviderSays(int status, String headers, long seconds) throws Exception {
        try (var server = RawServer.start(
                (request, connection) -> connection.status(status + " Slow Down", headers.split(";")))) {
            var later = catchThrowableOfType(
                    TaskFailure.RetryLater.class, () -> http.send(HttpRequest.get(server.uri("/"))));

            assertThat(later.code()).isEqualTo("shop.rateLimited");
            assertThat(later.after()).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void tellsWhatIsLeftOfTheQuota() throws Exception {
        try (var server = RawServer.start((request, connection) ->
                connection.ok("{}", "X-RateLimit-Remaining: 17", "X-RateLimit-Reset: 1767269100"))) {
            http.send(HttpRequest.get(server.uri("/")));

            assertThat(quotas).containsExactly(new Quota(17, Instant.ofEpochSecond(1767269100)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"a\":",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 100\r\n\r\n{}",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "",
            })
    void noticesAnAnswerThatIsCutShort(String answer) throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            connection.send(answer);
            return false;
        })) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.connectionFailed");
        }
    }

    @Test
    void noticesAResetMidway() throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            return connection.reset();
        })) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.connectionFailed");
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFails(
                HttpRequest.get(URI.create("http://127.0.0.1:" + port + "/")),
                TaskFailure.Transient.class,
                "shop.connectionFailed");
    }

    @Test
    void readsNoMoreThanTheBound() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("x".repeat(1001)))) {
            HttpRequest request = HttpRequest.get(server.uri("/"));

            assertThat(http.send(request.maxBytes(1001)).bytes()).hasSize(1001);
            assertFails(request.maxBytes(1000), TaskFailure.Permanent.class, "shop.answerTooLarge");
        }
    }

    @Test
    void readsNoMoreThanTheBoundOfAnEndlessAnswer() throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                connection.send("x".repeat(65536));
            }
        })) {
            assertFails(
                    HttpRequest.get(server.uri("/")).maxBytes(1 << 20),
                    TaskFailure.Permanent.class,
                    "shop.answerTooLarge");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "gzip, gzip"})
    void readsNoMoreThanTheBoundOfABomb(String coding) throws Exception {
        byte[] bomb = compressed(coding, new byte[20 << 20]);
        try (var server =
                RawServer.start((request, connection) -> connection.ok(bomb, "Content-Encoding: " + coding))) {
            HttpRequest request = HttpRequest.get(server.uri("/"));

            assertFails(request.maxBytes(1 << 20), TaskFailure.Permanent.class, "shop.answerTooLarge");
            assertThat(http.send(request).bytes()).hasSize(20 << 20);
        }
    }

    @Test
    void keepsNoBodyAsLargeAsAFileInMemory(@TempDir Path folder) throws Exception {
        byte[] bomb = compressed("gzip", new byte[(32 << 20) + 1]);
        Path file = Files.createFile(folder.resolve("file"));
        try (var server = RawServer.start((request, connection) -> {
            connection.send(
                    "HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n");
            return connection.send(bomb);
        })) {
            assertFails(
                    HttpRequest.get(server.uri("/")).into(file, 64L << 20).expecting(404),
                    TaskFailure.Permanent.class,
                    "shop.answerTooLarge");
        }
    }

    private static byte[] compressed(String codings, byte[] bytes) throws IOException {
        byte[] result = bytes;
        for (String coding : codings.split(", ")) {
            var compressed = new ByteArrayOutputStream();
            try (OutputStream out = coding.equals("deflate")
                    ? new DeflaterOutputStream(compressed)
                    : new GZIPOutputStream(compressed)) {
                out.write(result);
            }
            result = compressed.toByteArray();
        }
        return result;
    }

    @Test
    void noticesACompressedAnswerThatIsCutShort() throws Exception {
        byte[] whole = compressed("gzip", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        try (var server = RawServer.start((request, connection) -> connection.ok(half, "Content-Encoding: gzip"))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.connectionFailed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "gzip, gzip, gzip, gzip, gzip"})
    void saysThatItCannotDecompress(String coding) throws Exception {
        try (var server =
                RawServer.start((request, connection) -> connection.ok("{\"a\":1}", "Content-Encoding: " + coding))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.answerUnreadable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void takesAnEmptyBodyWhateverItsCoding(String coding) throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("", "Content-Encoding: " + coding))) {
            assertThat(http.send(HttpRequest.get(server.uri("/"))).bytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Sign in</html>",
                "",
                "{\"a\":",
                "[1,2]",
                "null",
                "{} trailing",
                "\"text\"",
                "{\"a\":" + "\u0000" + "}",
            })
    void saysThatAnAnswerIsNoJsonObject(String body) throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok(body, "Content-Type: text/html"))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/?token=secret")));

            var failure = catchThrowableOfType(TaskFailure.Transient.class, answer::json);
            assertThat(failure.code()).isEqualTo("shop.answerUnreadable");
            assertThat(failure.reason()).contains("text/html").doesNotContain("secret", "Sign in");
        }
    }

    @Test
    void boundsHowDeepJsonMayNest() throws Exception {
        try (var server = RawServer.start((request, connection) ->
                connection.ok(request.startsWith("GET /200") ? nested(200) : nested(100_000)))) {
            assertThat(http.send(HttpRequest.get(server.uri("/200"))).jsonList())
                    .hasSize(1);
            HttpResponse deep = http.send(HttpRequest.get(server.uri("/deep")));
            assertThatThrownBy(deep::jsonList).isInstanceOf(TaskFailure.Transient.class);
        }
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    @Test
    void resolvesTheNextPage() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok(
                "[]",
                "Link: </prev>; rel=prev",
                "Link: <https://h/a,b?c=\"d\">; title=\"x; rel=next\"; rel=\"last\", <?page=2&x=a b>;"
                        + " rel=\"start NEXT\""))) {
            HttpResponse answer = http.send(HttpRequest.get(server.uri("/a/b?page=1")));

            assertThat(answer.link("next")).contains(server.uri("/a/b?page=2&x=a%20b"));
            assertThat(answer.link("prev")).contains(server.uri("/prev"));
            assertThat(answer.link("first")).isEmpty();
        }
    }

    @Test
    void readsALinkHeaderOfAnyLength() throws Exception {
        try (var server = RawServer.start((request, connection) ->
                connection.ok("[]", "Link: </a>" + ";a=\"\\b\"".repeat(6000) + ", </n>; rel=next"))) {
            assertThat(http.send(HttpRequest.get(server.uri("/"))).link("next")).contains(server.uri("/n"));
        }
    }

    @Test
    void givesUpAtTheDeadlineAndClosesTheConnection() throws Exception {
        try (var server = RawServer.start((request, connection) -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            // A byte now and then keeps every wait for bytes short.
            return drip(connection);
        })) {
            long start = System.nanoTime();
            assertFails(
                    HttpRequest.get(server.uri("/")).timeout(Duration.ofSeconds(1)),
                    TaskFailure.Transient.class,
                    "shop.connectionFailed");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(server.clientClosed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private boolean drip(RawServer.Connection connection) throws IOException {
        try {
            while (!end.await(50, TimeUnit.MILLISECONDS)) {
                connection.send("x");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Test
    void givesUpWhenTheServerFallsSilent() throws Exception {
        try (var hasty = new HttpConnections(
                        this::resolve,
                        SSLContext.getDefault(),
                        new Bounds(1, 1, Duration.ofSeconds(5), Duration.ofMillis(200)));
                var server = RawServer.start((request, connection) -> awaitEnd())) {
            assertThatThrownBy(() ->
                            hasty.forIntegration("shop", NOON, quotas::add).send(HttpRequest.get(server.uri("/"))))
                    .isInstanceOf(TaskFailure.Transient.class)
                    .hasMessageContaining("in time");
        }
    }

    private boolean awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAtAnInterruptAndClosesTheConnection(boolean virtual) throws Exception {
        var asked = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start((request, connection) -> {
            asked.countDown();
            try {
                return connection.socket().getInputStream().read() >= 0;
            } finally {
                closed.countDown();
            }
        })) {
            var sending = new FutureTask<>(() -> http.send(HttpRequest.get(server.uri("/"))));
            Thread thread = virtual
                    ? Thread.ofVirtual().start(sending)
                    : Thread.ofPlatform().daemon().start(sending);
            asked.await();
            thread.interrupt();

            assertThatThrownBy(sending::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void holdsNoMoreConnectionsToAHostThanTheBound() throws Exception {
        try (var two = new HttpConnections(
                        this::resolve,
                        SSLContext.getDefault(),
                        new Bounds(2, 4, Duration.ofSeconds(5), Duration.ofSeconds(30)));
                var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            Http client = two.forIntegration("shop", NOON, quota -> {});
            var threads = new ArrayList<FutureTask<HttpResponse>>();
            for (int i = 0; i < 50; i++) {
                var sending = new FutureTask<>(() -> client.send(HttpRequest.get(server.uri("/"))));
                threads.add(sending);
                Thread.ofVirtual().start(sending);
            }
            for (FutureTask<HttpResponse> sending : threads) {
                assertThat(sending.get().status()).isEqualTo(200);
            }
            assertThat(server.connections.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void leavesConnectionsToANeighbourOfATenantWhoseServersAreSlow() throws Exception {
        try (var few = new HttpConnections(
                        this::resolve,
                        SSLContext.getDefault(),
                        new Bounds(16, 16, Duration.ofSeconds(5), Duration.ofSeconds(30)));
                var slow = RawServer.start((request, connection) -> awaitEnd());
                var quick = RawServer.start((request, connection) -> connection.ok("{}"))) {
            Http noisy = few.forIntegration("shop", Tenant.of("", "noisy"), NOON, quota -> {});
            Http quiet = few.forIntegration("shop", Tenant.of("", "quiet"), NOON, quota -> {});
            for (int i = 0; i < 64; i++) {
                Thread.ofVirtual().start(new FutureTask<>(() -> noisy.send(HttpRequest.get(slow.uri("/")))));
            }
            while (slow.requests.size() < 12) {
                Thread.onSpinWait(); // three quarters of the connections
            }

            for (int i = 0; i < 20; i++) {
                assertThat(quiet.send(HttpRequest.get(quick.uri("/"))).status()).isEqualTo(200);
            }
            assertThat(slow.requests).hasSize(12);
        }
    }

    @Test
    void throttlesARequestThatGetsNoConnectionInsteadOfFailingIt() throws Exception {
        try (var one = new HttpConnections(
                        this::resolve,
                        SSLContext.getDefault(),
                        new Bounds(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(30)));
                var slow = RawServer.start((request, connection) -> awaitEnd());
                var quick = RawServer.start((request, connection) -> connection.ok("{}"))) {
            Http client = one.forIntegration("shop", NOON, quota -> {});
            Thread.ofVirtual().start(new FutureTask<>(() -> client.send(HttpRequest.get(slow.uri("/")))));
            while (slow.requests.isEmpty()) {
                Thread.onSpinWait();
            }

            assertThatThrownBy(() -> client.send(HttpRequest.get(quick.uri("/")).timeout(Duration.ofSeconds(1))))
                    .isInstanceOf(TaskFailure.RetryLater.class)
                    .extracting(failure -> ((TaskFailure) failure).code())
                    .isEqualTo("polling.connectionsBusy");
            assertThat(quick.requests).isEmpty();
        }
    }

    @Test
    void failsWhenTheConnectionsAreClosed() throws Exception {
        try (var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            connections.close();

            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Transient.class, "shop.connectionFailed");
        }
    }

    @Test
    void trustsNobodyWithoutACertificate() throws Exception {
        SSLContext selfSigned = TestTls.selfSigned();
        try (var server = RawServer.on(
                selfSigned.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()),
                (request, connection) -> connection.ok("{}"))) {
            assertFails(HttpRequest.get(server.uri("/")), TaskFailure.Misconfigured.class, "shop.certificateRefused");
        }
    }

    @Test
    void trustsACertificateForItsOwnNameOnly() throws Exception {
        SSLContext selfSigned = TestTls.selfSigned();
        try (var trusting = new HttpConnections(this::resolve, selfSigned, HttpConnections.DEFAULT);
                var server = RawServer.on(
                        selfSigned.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()),
                        (request, connection) -> connection.ok("{}"))) {
            Http client = trusting.forIntegration("shop", NOON, quotas::add);
            HttpRequest named = HttpRequest.get(URI.create("https://" + TestTls.NAME + ":" + server.port() + "/"));
            HttpRequest other = HttpRequest.get(URI.create("https://other.example:" + server.port() + "/"));

            assertThat(client.send(named).status()).isEqualTo(200);
            assertThatThrownBy(() -> client.send(other))
                    .isInstanceOf(TaskFailure.Misconfigured.class)
                    .extracting(failure -> ((TaskFailure) failure).code())
                    .isEqualTo("shop.certificateRefused");
        }
    }

    @Test
    void saysThatAPlainServerIsNotEncrypted() throws Exception {
        try (var hasty = new HttpConnections(
                        this::resolve,
                        SSLContext.getDefault(),
                        new Bounds(1, 1, Duration.ofMillis(300), Duration.ofSeconds(30)));
                var server = RawServer.start((request, connection) -> connection.ok("{}"))) {
            Http client = hasty.forIntegration("shop", NOON, quotas::add);
            HttpRequest request = HttpRequest.get(URI.create("https://127.0.0.1:" + server.port() + "/"));

            assertThatThrownBy(() -> client.send(request))
                    .isInstanceOf(TaskFailure.Transient.class)
                    .extracting(failure -> ((TaskFailure) failure).code())
                    .isEqualTo("shop.connectionFailed");
        }
    }

    private void assertFails(HttpRequest request, Class<? extends TaskFailure> kind, String code) {
        assertThatThrownBy(() -> http.send(request))
                .isInstanceOf(kind)
                .extracting(failure -> ((TaskFailure) failure).code())
                .isEqualTo(code);
    }
}
