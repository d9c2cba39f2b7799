package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.ServerPorts;
import io.tributary.standalone.Standalone;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.api.SyncRun;
import io.tributary.standalone.demo.DemoMailServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One data folder through its life: two demos, an instance that stops amid a run, and the instance after it, on which
 * the tests look at what became of all that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandaloneIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: (<.*>)$");
    private static final Pattern PAGE_OF_REQUEST = Pattern.compile("page=(\\d+)");
    private static final int PAGES = 40;
    private static final int PAGE_SIZE = 100;
    private static final String PAGED = """
        domain: paged
        version: 1.0.0
        displayName: Paged
        baseUrl: https://api.example
        streams:
          items:
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 100, recheck: false}
            output: {id: id}
        """;
    private static final String DROPPED_IN = """
        domain: dropped-in
        version: 1.0.0
        displayName: Dropped in
        baseUrl: https://api.example
        webhook:
          verify: {method: token, header: X-Token}
        streams:
          items:
            request: {path: /items}
            output: {id: id}
        """;

    @TempDir
    private static Path folder;

    private CommandRun firstDemo;
    private CommandRun secondDemo;
    private List<String> processesAfterDemo;
    private final CountDownLatch laterPages = new CountDownLatch(1);
    private HttpServer paged;
    private SyncRun unfinished;
    private Standalone standalone;
    private Endpoints endpoints;

    @BeforeAll
    void live() throws InterruptedException, IOException {
        var before = children();
        firstDemo = CommandRun.onFreePorts(folder, "demo", "--exit");
        secondDemo = CommandRun.onFreePorts(folder, "demo", "--exit");
        processesAfterDemo = children();
        processesAfterDemo.removeAll(before);
        paged = pagesOfWhichTheFirstIsServedAtOnce();
        Files.writeString(folder.resolve("plugins/paged.yaml"), PAGED);
        try (var interrupted = start();
                var api = client(interrupted.endpoints(), "demo")) {
            Awaitility.await().atMost(PATIENCE).until(() -> api.platforms().contains("paged"));
            String baseUrl = "http://127.0.0.1:" + paged.getAddress().getPort();
            var large = new Account("demo", "paged", "large", Map.of("baseUrl", baseUrl), Map.of(), 60);
            String runId = api.trigger(api.connect(large));
            Awaitility.await().atMost(PATIENCE).until(() -> api.run(runId).done() > 0);
            unfinished = api.run(runId);
        }
        laterPages.countDown();
        Files.writeString(folder.resolve("plugins/dropped-in.yaml"), DROPPED_IN);
        standalone = start();
        endpoints = standalone.endpoints();
    }

    @AfterAll
    void end() {
        standalone.close();
        paged.stop(0);
    }

    @Test
    void demoSyncsBothAccountsAndProvesIt() {
        assertThat(firstDemo.errors()).isEmpty();
        assertThat(firstDemo.exitCode()).isZero();
        assertThat(firstDemo.output())
                .containsPattern("hello-world +succeeded +11 +11 +0 +10 +10 +balanced")
                .containsPattern("mailbox +succeeded .* 0 +42 +42 +balanced")
                .contains("春のレガッタについて")
                .doesNotContain("\u001b");
    }

    @Test
    void secondDemoFindsNothingNew() throws SQLException {
        assertThat(secondDemo.exitCode()).isZero();
        assertThat(secondDemo.output())
                .containsPattern("hello-world +succeeded .* 0 +0 +balanced")
                .containsPattern("mailbox +succeeded .* 0 +0 +balanced");
        assertThat(query("select name from user_integration where name not in ('large', 'dropped in') order by name"))
                .containsExactly("hello-world", "mailbox");
    }

    @Test
    void demoLeavesNoProcessBehind() {
        assertThat(processesAfterDemo).isEmpty();
    }

    @Test
    void rowsEqualTheMailboxByMessageIdAndByteCount() throws SQLException {
        var mailbox = DemoMailServer.sampleMail().stream()
                .map(mail -> messageId(mail) + " " + mail.length)
                .toList();
        assertThat(query("select coalesce(content_metadata ->> 'messageId', '') || ' ' || (content_metadata ->> 'size')"
                        + " from user_integration_content where integration_domain = 'imap'"))
                .containsExactlyInAnyOrderElementsOf(mailbox);
    }

    @Test
    void runThatWasUnderWayGoesOnAfterARestart() throws InterruptedException {
        assertThat(unfinished.isLive()).isTrue();
        try (var api = client(endpoints, "demo")) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !api.run(unfinished.id()).isLive());
            assertThat(api.run(unfinished.id()).status()).isEqualTo("succeeded");
            var proof = api.proof(unfinished.id());
            assertThat(proof.balanced()).isTrue();
            assertThat(proof.rows()).isEqualTo(PAGES * PAGE_SIZE);
        }
    }

    @Test
    void rotatesTheKeysWhileItRuns() throws SQLException {
        String keyOf = "select distinct encode(substring(credentials from 1 for 5), 'hex') from user_integration"
                + " where credentials is not null";
        var before = query(keyOf);

        var rotation = CommandRun.of(folder, "rotate-keys", "--disable-old");

        assertThat(rotation.errors()).isEmpty();
        assertThat(rotation.output()).contains("no secret needs an old key any more", "disabled 1 old keys");
        assertThat(rotation.exitCode()).isZero();
        assertThat(query(keyOf)).hasSize(1).doesNotContainAnyElementsOf(before);
    }

    @Test
    void syncUsesTheInstanceThatRuns() {
        var sync = CommandRun.of(folder, "sync", "hello-world", "--name", "few", "--config", "count=3");
        assertThat(sync.errors()).isEmpty();
        assertThat(sync.output()).doesNotContain("starting").containsPattern("few +succeeded +4 +4 +0 +3 +3 +balanced");
        assertThat(sync.exitCode()).isZero();
    }

    @Test
    void replayWritesRowsThatAreMissing() throws Exception {
        var sync = CommandRun.of(folder, "sync", "hello-world", "--name", "lost", "--config", "count=5");
        assertThat(sync.exitCode()).isZero();
        String account = query("delete from user_integration_content c using user_integration u"
                        + " where u.id = c.user_integration_id and u.name = 'lost' returning u.id")
                .getFirst();

        var replay = CommandRun.of(folder, "replay", "outputs", "--account", account);

        assertThat(replay.errors()).isEmpty();
        assertThat(replay.output()).contains("100 %  5 rows new, 0 changed, 0 as they were, 0 skipped  succeeded");
        assertThat(replay.exitCode()).isZero();
        assertThat(query("select external_id from user_integration_content where user_integration_id = '" + account
                        + "'"))
                .hasSize(5);
    }

    @Test
    void syncsWhatAFileInThePluginsFolderDescribes() throws Exception {
        var provider = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        provider.createContext("/items", exchange -> {
            byte[] items = "[{\"id\": 1}, {\"id\": 2}]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, items.length);
            exchange.getResponseBody().write(items);
            exchange.close();
        });
        provider.start();
        try (var api = client(endpoints, "demo")) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.platforms()).contains("dropped-in", "gitlab", "imap"));
            String baseUrl = "http://127.0.0.1:" + provider.getAddress().getPort();
            String runId = api.trigger(api.connect(
                    new Account("demo", "dropped-in", "dropped in", Map.of("baseUrl", baseUrl), Map.of(), 60)));
            Awaitility.await().atMost(PATIENCE).until(() -> !api.run(runId).isLive());
            assertThat(api.run(runId).status()).isEqualTo("succeeded");
            sendWebhook(query("select id from user_integration where integration_domain = 'dropped-in'")
                    .getFirst());
        } finally {
            provider.stop(0);
        }
        assertThat(query("select external_id from user_integration_content"
                        + " where integration_domain = 'dropped-in' order by external_id"))
                .containsExactly("1", "2");
    }

    /** Sends a webhook of an account to the edge, and waits for the run that it starts. */
    private void sendWebhook(String account) throws Exception {
        String token = new Tokens(DataDir.at(folder), Clock.systemUTC()).mint("demo", false);
        JsonNode endpoint = JsonMapper.shared()
                .readTree(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(endpoints.api() + "/v1/user-integrations/" + account
                                                + "/webhook-endpoint"))
                                        .header("Authorization", "Bearer " + token)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString("{\"secret\": \"a secret of the test\"}"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        String url = endpoint.get("url").asString();
        assertThat(url).startsWith(endpoints.edge() + "/webhooks/dropped-in/");
        assertThat(statusOfWebhook(url, "a guess that is wrong")).isNotEqualTo(200);
        Awaitility.await().atMost(PATIENCE).until(() -> statusOfWebhook(url, "a secret of the test") == 200);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> query("select status from sync_run where trigger = 'webhook'"
                                + " and user_integration_id = '" + account + "'")
                        .equals(List.of("succeeded")));
    }

    private static int statusOfWebhook(String url, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("X-Token", token)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void configThatDoesNotFitIsRefusedInOneLine() {
        var sync = CommandRun.of(folder, "sync", "hello-world", "--name", "bad", "--config", "count=many");
        assertThat(sync.exitCode()).isEqualTo(1);
        assertThat(sync.errors())
                .startsWith("tributary: ")
                .contains("/config/count", "api.invalidRequest")
                .hasLineCount(1);
    }

    @Test
    void hostThatIsNotThereFailsTheRunWithItsCode() throws Exception {
        var account = new Account(
                "demo",
                "imap",
                "nowhere",
                Map.of("host", "127.0.0.1", "port", freePort(), "security", "none"),
                Map.of("username", "nobody", "password", "nothing"),
                60);
        try (var api = client(endpoints, "demo")) {
            String runId = api.trigger(api.connect(account));
            Awaitility.await().atMost(PATIENCE).until(() -> !api.run(runId).isLive());
            var run = api.run(runId);
            assertThat(run.status()).isEqualTo("failed");
            assertThat(run.error())
                    .isNotNull()
                    .extracting(SyncRun.Problem::code)
                    .asString()
                    .startsWith("imap.");
        }
    }

    @Test
    void apiTakesTokensOfTheDataFolderAlone(@TempDir Path other) throws Exception {
        var tokens = new Tokens(DataDir.at(folder), Clock.systemUTC());
        assertThat(statusOfRuns(tokens.mint("demo", false))).isEqualTo(200);
        assertThat(statusOfRuns(tokens.mint("ops", true))).isEqualTo(200);
        assertThat(statusOfRuns(new Tokens(DataDir.at(other), Clock.systemUTC()).mint("demo", false)))
                .isEqualTo(401);
        assertThat(statusOfRuns(CommandRun.of(folder, "token").output().strip()))
                .isEqualTo(200);
    }

    @Test
    void folderBelongsToOneInstance() {
        var second = CommandRun.onFreePorts(folder, "up");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.errors())
                .contains("another Tributary runs on " + folder)
                .hasLineCount(1);
    }

    @Test
    void takenPortIsNamedWithItsOption(@TempDir Path other) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var up = CommandRun.of(other, "up", "--kafka-port", Integer.toString(taken.getLocalPort()), "--port", "0");
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.errors())
                    .contains("port " + taken.getLocalPort(), "--kafka-port")
                    .hasLineCount(1);
        }
    }

    @Test
    void secretsAreTheirOwnersAlone() throws IOException {
        for (String secret : List.of("keys/credentials.json", "keys/token.key", "endpoints.json")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
    }

    /** A provider whose second page and the ones after it come only once {@link #laterPages} is open. */
    private HttpServer pagesOfWhichTheFirstIsServedAtOnce() throws IOException {
        var provider = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        provider.setExecutor(task -> Thread.ofVirtual().start(task));
        provider.createContext("/items", exchange -> {
            try (exchange) {
                var page = PAGE_OF_REQUEST.matcher(exchange.getRequestURI().toString());
                int number = page.find() ? Integer.parseInt(page.group(1)) : 1;
                if (number > 1) {
                    laterPages.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                byte[] items = IntStream.rangeClosed(1, number <= PAGES ? PAGE_SIZE : 0)
                        .mapToObj(item -> "{\"id\": \"" + number + "-" + item + "\"}")
                        .collect(Collectors.joining(",", "[", "]"))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, items.length);
                exchange.getResponseBody().write(items);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        provider.start();
        return provider;
    }

    private Standalone start() throws InterruptedException {
        return Standalone.start(DataDir.at(folder), ServerPorts.FREE, _ -> {});
    }

    private ApiClient client(Endpoints of, String user) {
        return new ApiClient(of.api(), new Tokens(DataDir.at(folder), Clock.systemUTC()).mint(user, false));
    }

    private int statusOfRuns(String token) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(endpoints.api() + "/v1/sync-runs"))
                    .header("Authorization", "Bearer " + token)
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        endpoints.postgres(), endpoints.postgresUser(), endpoints.postgresPassword());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static String messageId(byte[] mail) {
        var matcher = MESSAGE_ID.matcher(new String(mail, StandardCharsets.ISO_8859_1));
        return matcher.find() ? matcher.group(1) : "";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static List<String> children() {
        var commands = new ArrayList<String>();
        ProcessHandle.current()
                .descendants()
                .forEach(child -> commands.add(child.info().commandLine().orElse("?")));
        return commands;
    }
}
