package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Renewing an access token on request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshNowIT {

    private static final String PATH = "/v1/user-integrations";

    private RunningScheduler scheduler;
    private Api ann;

    @SuppressWarnings("NullAway.Init") // start() sets it
    RefreshNowIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.CLOUD);
        broker.announce(ManifestJson.MAIL);
        scheduler = RunningScheduler.start(folder, Database.empty(), broker, Map.of("tributary.trial.patience", "0s"));
        ann = scheduler.user("ann");
    }

    @AfterAll
    void stop() {
        scheduler.close();
    }

    @Test
    void queuesARunThatRenewsATokenWhateverItsAge() {
        String id = connect();

        var answer = ann.post(PATH + "/" + id + ":refresh").expect(202);

        assertThat(answer.json().get("alreadyRunning").asBoolean()).isFalse();
        assertThat(answer.json().get("finished").asBoolean()).isFalse();
        var run = scheduler
                .database()
                .jdbc()
                .sql("select sync_type, trigger, initial_task_type, options::text from sync_run where id = :id::uuid")
                .param("id", answer.text("runId"))
                .query()
                .singleRow();
        assertThat(run)
                .containsEntry("sync_type", "tributary.access")
                .containsEntry("trigger", "system")
                .containsEntry("initial_task_type", "tributary.refreshAccess")
                .containsEntry("options", "{\"force\": true}");
        assertThat(ann.post(PATH + "/" + id + ":refresh")
                        .expect(202)
                        .json()
                        .get("alreadyRunning")
                        .asBoolean())
                .isTrue();
        assertThat(scheduler
                        .operator()
                        .get("/v1/audit-log?userId=ann")
                        .expect(200)
                        .body())
                .contains("refreshUserIntegration", answer.text("runId"));
    }

    @Test
    void alsoRenewsAnExpiredAccount() {
        String id = connect();
        scheduler
                .database()
                .update("update user_integration set sync_status = 'expired' where id = :id", UUID.fromString(id));

        ann.post(PATH + "/" + id + ":refresh").expect(202);
    }

    @Test
    void refusesAnAccountThatHasNothingToRenew() {
        String mail = ann.post(PATH, """
            {"integrationDomain": "mail", "config": {"host": "mail.test", "port": 993},
             "credentials": {"username": "u", "password": "p"}}
            """).expect(201).text("id");
        String unconnected = ann.post(PATH, "{\"integrationDomain\": \"cloud\", \"authorize\": true}")
                .expect(201)
                .text("id");

        ann.post(PATH + "/" + mail + ":refresh").expectProblem(409, "oauth.refreshImpossible");
        ann.post(PATH + "/" + unconnected + ":refresh").expectProblem(409, "oauth.refreshImpossible");
    }

    @Test
    void renewsOwnAccountsOnly() {
        scheduler.user("bob").post(PATH + "/" + connect() + ":refresh").expectProblem(404, "api.notFound");
    }

    private String connect() {
        return ann.post(PATH, """
            {"integrationDomain": "cloud", "credentials": {"accessToken": "a", "refreshToken": "r"}}
            """).expect(201).text("id");
    }
}
