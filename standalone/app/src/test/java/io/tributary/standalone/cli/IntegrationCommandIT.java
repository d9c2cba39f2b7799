package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import io.tributary.standalone.plugin.CarelessIntegration;
import io.tributary.standalone.plugin.PluginJar;
import io.tributary.worker.codec.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command for authors, with integrations as the build leaves them and one that gives away what it knows. */
class IntegrationCommandIT {

    private static final String PASSWORD = "hunter\"2 & more/x";
    private static final String CREDENTIALS =
            JsonObject.of("username", "ada.lovelace").with("password", PASSWORD).toJson();
    private static final String ISSUED = "issued-token-4711";
    private static final String SLACK_TOKEN = "xoxb-1234-secret";

    @TempDir
    private static Path folder;

    private static String careless = "";

    private final ScriptedHttpServer provider = ScriptedHttpServer.start();

    @BeforeAll
    static void makePlugin() throws Exception {
        careless = PluginJar.of(CarelessIntegration.class, folder.resolve("careless"))
                .toString();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void listsWhatThereIs() {
        var list = run("", "list");

        assertThat(list.errors()).isEmpty();
        assertThat(list.exitCode()).isZero();
        assertThat(list.output())
                .containsPattern("slack +\\S+ +jar +oauth2 .* integrations/slack/target/plugin")
                .containsPattern("gitlab +1.0.0 +yaml +apiKey, oauth2 +default +gitlab.yaml")
                .containsPattern("hello-world +1.0.0 +jar +none +default +integrations/hello-world/target/plugin")
                .doesNotContain("\u001b", "Could not be loaded");
    }

    @Test
    void listsWhatIsBrokenWithWhy() throws Exception {
        Path data = folder.resolve("data-of-broken");
        PluginJar.broken(data.resolve("plugins"));

        var list = CommandRun.of(inputs(""), data, "integration", "list");

        assertThat(list.exitCode()).isZero();
        assertThat(list.output()).contains("hello-world", "Could not be loaded", "io.example.Missing");
    }

    @Test
    void executesTheInitialTaskAlone() {
        var run = run("", "run", "hello-world", "--config", "count=2");

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("follow-up greet {\"number\":1}", "follow-up greet {\"number\":2}")
                .contains("state patch {\"greeted\":2}", "1 tasks done, 0 failed, 0 outputs, 0 requests")
                .contains("2 follow-up tasks not executed");
    }

    @Test
    void followsTheFollowUps() {
        var run = run("", "run", "hello-world", "--all", "--config", "count=3", "--state", "{\"greeted\":1}");

        assertThat(run.output())
                .containsPattern("content +greeting-2 +- +Greeting 2 +13 +\\{}")
                .contains("3 tasks done, 0 failed, 2 outputs, 0 requests", "state {\"greeted\":3}")
                .doesNotContain("greeting-1", "not executed");
    }

    @Test
    void endsAtTheMostTasks() {
        var run = run("", "run", "hello-world", "--all", "--max-tasks", "4");

        assertThat(run.output()).contains("4 tasks done", "7 follow-up tasks not executed");
    }

    @Test
    void executesOneTaskByItsType() {
        var run = run("", "run", "hello-world", "--task", "greet", "--payload", "{\"number\": 7}", "--json");

        JsonObject all = Json.readObject(run.output());
        assertThat(all.integer("done")).contains(1L);
        assertThat(run.output()).contains("\"externalId\" : \"greeting-7\"", "\"content\" : \"Hello, world!\"");
    }

    @Test
    void takesAPayloadFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("payload.json"), "{\"number\": 7}");

        var run = run("", "run", "hello-world", "--task", "greet", "--payload", "@" + file, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("\"externalId\" : \"greeting-7\"");
    }

    @Test
    void namesTheTypesThereAreWhenOneIsUnknown() {
        var run = run("", "run", "hello-world", "--task", "wave");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .contains("polling.invalidTaskType", "no task type wave", "[getGreetings, greet]")
                .hasLineCount(1);
    }

    @Test
    void replaysSlackWithTheProviderGone() {
        serveSlack();
        String recording = folder.resolve("slack.json").toString();
        var slack = List.of("slack", "--all", "--json", "--config", "baseUrl=" + provider.uri() + "/api");
        var recorded = run("accessToken=" + SLACK_TOKEN, with(slack, "record", "--to", recording));
        provider.close();

        var replayed = run("", with(slack, "replay", "--from", recording));

        assertThat(recorded.errors()).isEmpty();
        assertThat(recorded.output()).contains("\"externalId\" : \"C1:1767225600.000100\"", "Good morning");
        assertThat(replayed.errors()).isEmpty();
        assertThat(replayed.exitCode()).isZero();
        assertThat(withoutMillis(replayed)).isEqualTo(withoutMillis(recorded));
        assertThat(run("", with(slack, "run")).output()).contains("polling.credentialsMissing");
    }

    @Test
    void failsClearlyWhereNothingWasRecorded() {
        serveSlack();
        String recording = folder.resolve("first-task.json").toString();
        var slack = List.of("slack", "--config", "baseUrl=" + provider.uri() + "/api");
        run("accessToken=" + SLACK_TOKEN, with(slack, "record", "--to", recording));

        var replayed = run("", with(slack, "replay", "--from", recording, "--all"));

        assertThat(replayed.exitCode()).isEqualTo(1);
        assertThat(replayed.output())
                .contains(
                        "failed: permanent integration.notRecorded",
                        "GET " + provider.uri() + "/api/conversations.history");
    }

    @Test
    void givesNoCredentialAway() throws Exception {
        serveCareless();
        Path recording = folder.resolve("careless.json");
        var outputs = new ArrayList<String>();
        var common = List.of(careless, "--config", "baseUrl=" + provider.uri());
        for (String[] command : List.of(
                with(common, "record", "--to", recording.toString(), "--all"),
                with(common, "run", "--all", "--json"),
                with(common, "run", "--task", "throwIt"),
                with(common, "run", "--task", "failWithIt"))) {
            var run = run(CREDENTIALS, command);
            outputs.add(run.output());
            outputs.add(run.errors());
        }
        outputs.add(Files.readString(recording));

        assertThat(provider.requests("/echo").getFirst().query("password")).contains(PASSWORD);
        assertThat(outputs).allSatisfy(IntegrationCommandIT::assertNoSecret);
        assertThat(outputs.getFirst()).contains("/echo?password=REDACTED&t=REDACTED", "2 tasks done, 0 failed");
        assertThat(outputs.getLast()).contains("\"Authorization\" : \"REDACTED\"", "\"set-cookie\" : [ \"REDACTED\" ]");
    }

    @Test
    void replaysWhatWasRedacted() {
        serveCareless();
        String recording = folder.resolve("redacted.json").toString();
        var all = List.of(careless, "--all", "--config", "baseUrl=" + provider.uri());
        run(CREDENTIALS, with(all, "record", "--to", recording));
        provider.close();

        var replayed = run("", with(all, "replay", "--from", recording));

        assertThat(replayed.exitCode()).as(replayed.output()).isZero();
        assertThat(replayed.output()).contains("2 tasks done, 0 failed, 2 outputs, 3 requests");
    }

    @Test
    void travelsInTime() {
        serveCareless();

        var run = run(
                CREDENTIALS,
                "run",
                careless,
                "--task",
                "readToday",
                "--at",
                "2020-02-29T10:00:00Z",
                "--start-date",
                "2020-02-01",
                "--config",
                "baseUrl=" + provider.uri());

        assertThat(run.output()).contains("2020-02-29T10:00:00Z");
        assertThat(provider.requests("/days").getFirst().query("at")).contains("2020-02-29T10:00:00Z");
        assertThat(provider.requests("/days").getFirst().query("from")).contains("2020-02-01T00:00:00Z");
    }

    @Test
    void showsFailuresWithKindCodeAndRequests() {
        serveSlack();
        provider.inject(Fault.rateLimited(Duration.ofSeconds(30)), When.next());

        var run = run("accessToken=" + SLACK_TOKEN, "run", "slack", "--config", "baseUrl=" + provider.uri() + "/api");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .contains("failed: retryLater slack.rateLimited", "throttle the account for 30 s")
                .containsPattern("GET +429 +0 bytes +\\d+ ms +" + provider.uri() + "/api/conversations.list\\?");
    }

    @Test
    void failsATaskThatReturnsWhatTheManifestDoesNotKnow() {
        var run = run(CREDENTIALS, "run", careless, "--task", "invent", "--config", "baseUrl=http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("failed: permanent polling.invalidTaskType", "neverHeardOf");
    }

    @Test
    void checksConfigAndSaysWhoseAccountItIs() {
        provider.get(
                "/api/auth.test",
                request -> slack(request, JsonObject.of("team_id", "T1").with("team", "Works")));

        var check = run(
                "{\"accessToken\": \"" + SLACK_TOKEN + "\"}",
                "check",
                "slack",
                "--config",
                "baseUrl=" + provider.uri() + "/api");

        assertThat(check.errors()).isEmpty();
        assertThat(check.exitCode()).isZero();
        assertThat(check.output())
                .contains("matches the schema", "Works, id T1:")
                .containsPattern("sync type +default, begins with getChannelList, every 300 s");
    }

    @Test
    void saysWhatToDoWhenCredentialsAreRefused() {
        provider.get(
                "/api/auth.test",
                request -> ScriptedAnswer.json(JsonObject.of("ok", false).with("error", "invalid_auth")));

        var check =
                run("accessToken=" + SLACK_TOKEN, "check", "slack", "--config", "baseUrl=" + provider.uri() + "/api");

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output())
                .contains("unauthorized slack.authFailed", "check the credentials")
                .doesNotContain(SLACK_TOKEN);
    }

    @Test
    void saysWhereAConfigIsWrong() {
        var check = run("", "check", "hello-world", "--config", "count=many", "--config", "colour=red");

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output())
                .contains("does not take the config", "/config/count: ")
                .contains("colour");
        assertThat(run("", "run", "hello-world", "--config", "count=many").exitCode())
                .isEqualTo(2);
    }

    @Test
    void saysWhyAPluginIsBroken() throws Exception {
        String broken = PluginJar.broken(folder.resolve("broken")).toString();

        var check = run("", "check", broken);
        var run = run("", "run", broken);

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output()).contains("polling.integrationLoadFailed", "io.example.Missing");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .contains("polling.integrationLoadFailed", "io.example.Missing")
                .hasLineCount(1);
    }

    @Test
    void saysWhereAYamlFileIsWrong() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "domain: wrong\nversion: 1.0.0\nstreems: {}\n");

        var check = run("", "check", file.toString());

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output()).containsPattern("wrong.yaml: 3:\\d+: .*streems");
    }

    @Test
    void explainsMisuseInOneLine() throws Exception {
        Path noRecording = Files.writeString(folder.resolve("none.json"), "[]");
        for (List<String> misuse : List.of(
                List.<String>of(),
                List.of("run", "nowhere"),
                List.of("run", "./nowhere"),
                List.of("run", "nowhere.yaml"),
                List.of("run", "hello-world", "--at", "yesterday"),
                List.of("run", "hello-world", "--payload", "{"),
                List.of("run", "hello-world", "--max-tasks", "0"),
                List.of("run", "hello-world", "--sync-type", "weekly"),
                List.of("run", "hello-world", "--start-date", "2026-02-02", "--end-date", "2026-02-01"),
                List.of("record", "hello-world"),
                List.of("record", "hello-world", "--to", folder.toString()),
                List.of("replay", "hello-world", "--from", noRecording.toString()),
                List.of("certainly"))) {
            var run = run("", misuse.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", misuse, run.errors()).isEqualTo(2);
            assertThat(run.errors()).as("%s", misuse).startsWith("tributary: ").hasLineCount(1);
        }
    }

    @Test
    void readsCredentialsWithoutQuotingThem() {
        for (String wrong : List.of("{\"apiKey\": \"" + SLACK_TOKEN, SLACK_TOKEN, SLACK_TOKEN + "=x", "")) {
            var run = CommandRun.of(
                    inputs(wrong), folder.resolve("data"), "integration", "run", "hello-world", "--credentials-stdin");
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errors()).hasLineCount(1).doesNotContain(SLACK_TOKEN);
        }
    }

    @Test
    void takesCredentialsFromTheEnvironmentAndAPasswordFromStandardInput() {
        serveCareless();
        var inputs =
                new Inputs(stream(PASSWORD + "\n"), Map.of("TRIBUTARY_CREDENTIALS", "{\"username\": \"other\"}")::get);

        var run = CommandRun.of(
                inputs,
                folder.resolve("data"),
                "integration",
                "run",
                careless,
                "--username",
                "ada.lovelace",
                "--password-stdin",
                "--config",
                "baseUrl=" + provider.uri());

        assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
        assertThat(provider.requests("/token").getFirst().form("username")).contains("ada.lovelace");
        assertThat(provider.requests("/token").getFirst().form("password")).contains(PASSWORD);
    }

    private void serveSlack() {
        serveSlack(
                "conversations.list",
                "channels",
                JsonObject.of("id", "C1").with("name", "all").with("is_member", true));
        serveSlack(
                "conversations.history",
                "messages",
                JsonObject.of("type", "message")
                        .with("user", "U1")
                        .with("ts", "1767225600.000100")
                        .with("text", "Good morning"));
    }

    /** One item under that key. */
    private void serveSlack(String method, String key, JsonObject item) {
        provider.get("/api/" + method, request -> slack(request, JsonObject.of(key, List.of(item))));
    }

    private static ScriptedAnswer slack(ReceivedRequest request, JsonObject answer) {
        return request.header("Authorization").orElse("").equals("Bearer " + SLACK_TOKEN)
                ? ScriptedAnswer.json(answer.with("ok", true))
                : ScriptedAnswer.json(JsonObject.of("ok", false).with("error", "invalid_auth"));
    }

    private void serveCareless() {
        provider.post(
                "/token", _ -> ScriptedAnswer.json("access_token", ISSUED).header("Set-Cookie", "session=abcdef"));
        provider.get(
                "/echo",
                request -> ScriptedAnswer.json(
                        JsonObject.of("query", request.rawQuery()).with("headers", request.headers())));
        provider.get("/days", request -> ScriptedAnswer.json("query", request.rawQuery()));
    }

    private static void assertNoSecret(String text) {
        String pair = "ada.lovelace:" + PASSWORD;
        assertThat(text)
                .doesNotContain("hunter", "ada.lovelace", ISSUED, "session=abcdef")
                .doesNotContain(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonObject withoutMillis(CommandRun run) {
        return Json.readObject(run.output().replaceAll("\"millis\" : \\d+", "\"millis\" : 0"));
    }

    /** A command on an integration, with options that several have and some of its own. */
    private static String[] with(List<String> common, String command, String... own) {
        return Stream.of(List.of(command), common, List.of(own))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    /** Runs one of the commands; credentials, where there are any, come on standard input. */
    private static CommandRun run(String credentials, String... arguments) {
        var all = new ArrayList<String>();
        all.add("integration");
        all.addAll(List.of(arguments));
        if (!credentials.isEmpty()) {
            all.add("--credentials-stdin");
        }
        return CommandRun.of(inputs(credentials), folder.resolve("data"), all.toArray(String[]::new));
    }

    private static Inputs inputs(String standardInput) {
        return new Inputs(stream(standardInput), _ -> null);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
