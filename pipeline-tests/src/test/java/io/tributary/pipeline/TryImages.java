package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.demo.DemoMailServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What {@code deploy/try} runs: the images of the services on secured servers sync the demo's mailbox, write its
 * content again by a replay, and are restarted one after the other while a sync runs.
 */
public final class TryImages {

    private static final Duration SOON = Duration.ofMinutes(4);

    private final ServicePods pods;
    private final SecuredServers servers;
    private final DemoMailServer mail;

    private TryImages(ServicePods pods, SecuredServers servers, DemoMailServer mail) {
        this.pods = pods;
        this.servers = servers;
        this.mail = mail;
    }

    /** Arguments: the tag of the images, and a folder for what the servers write. */
    public static void main(String[] arguments) throws Exception {
        run(arguments[0], Path.of(arguments[1]));
        System.exit(0);
    }

    /** @param version tag of the images; they are in podman's storage */
    static void run(String version, Path folder) throws Exception {
        var began = Instant.now();
        Files.createDirectories(folder);
        try (var servers = SecuredServers.start(folder.resolve("servers"));
                var mail = DemoMailServer.start();
                var pods = new ServicePods(servers, folder, version)) {
            report("servers with TLS, passwords and rights", began);
            var started = Instant.now();
            pods.start();
            report("database migrated, and three images of values-prod ready, read only, 512 MB each", started);
            var trial = new TryImages(pods, servers, mail);
            String account = trial.sync();
            trial.replay(account);
            trial.restartEach(account);
        }
        report("all of it", began);
    }

    private String sync() {
        var began = Instant.now();
        Api api = pods.api("demo", false);
        String account = api.connect(
                "imap",
                "mailbox",
                Map.of("host", "127.0.0.1", "port", mail.port(), "security", "none", "folder", "INBOX"),
                Map.of("username", DemoMailServer.USER, "password", DemoMailServer.PASSWORD));
        assertComplete(api, api.sync(account, SOON));
        assertThat(api.content(account)).hasSize(mail.size());
        report("a sync of " + mail.size() + " messages, proven complete", began);
        return account;
    }

    private void replay(String account) {
        var began = Instant.now();
        servers.asOwner().sql("truncate user_integration_content").update();
        Api operator = pods.api("operator", true);
        Api.Answer answer = operator.post("/v1/replays", Map.of("kind", "outputs", "userIntegrationId", account));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        String replay = answer.body().get("id").asString();
        await("the end of the replay")
                .atMost(SOON)
                .until(() -> operator.get("/v1/replays/" + replay)
                        .body()
                        .get("status")
                        .asString()
                        .equals("succeeded"));
        assertThat(pods.api("demo", false).content(account)).hasSize(mail.size());
        report("the content again, by a replay", began);
    }

    private void restartEach(String account) {
        var began = Instant.now();
        Api api = pods.api("demo", false);
        String run = api.trigger(account);
        for (String service : ServicePods.SERVICES) {
            pods.restart(service);
        }
        api.awaitEnd(run, SOON);
        assertComplete(api, run);
        assertThat(api.content(account)).hasSize(mail.size());
        report("each service restarted during a sync, nothing lost", began);
    }

    private static void assertComplete(Api api, String run) {
        assertThat(api.run(run).get("status").asString()).isEqualTo("succeeded");
        assertThat(api.proof(run).get("balanced").asBoolean()).isTrue();
    }

    private static void report(String what, Instant since) {
        System.out.printf(
                "%6.1f s  %s%n", Duration.between(since, Instant.now()).toMillis() / 1_000.0, what);
    }
}
