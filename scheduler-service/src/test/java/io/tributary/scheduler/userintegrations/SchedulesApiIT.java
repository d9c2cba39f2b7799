package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules of an integration with several sync types, over HTTP. */
class SchedulesApiIT {

    private static final String PATH = "/v1/user-integrations";

    @SuppressWarnings("NullAway.Init")
    private static RunningScheduler scheduler;

    @BeforeAll
    static void start(@TempDir Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.CHAT);
        scheduler = RunningScheduler.start(folder, Database.empty(), broker, Map.of());
    }

    @AfterAll
    static void stop() {
        scheduler.close();
    }

    @Test
    void schedulesEverySyncTypeAsItsIntegrationUsuallyIs() {
        var created = scheduler
                .user("ann")
                .post(PATH, "{\"integrationDomain\": \"chat\"}")
                .expect(201);

        assertThat(created.json().at("/schedules/presence/intervalSeconds").asInt())
                .isEqualTo(10);
        assertThat(created.json().at("/schedules/members/intervalSeconds").asInt())
                .isEqualTo(86_400);
        assertThat(created.json().at("/schedules/presence/nextSyncAt").asString())
                .endsWith("Z");
        assertThat(created.json().at("/schedules").size()).isEqualTo(2);
        assertThat(created.json().at("/scheduleZone").asString()).isEqualTo("UTC");
    }

    @Test
    void schedulesAsAskedAndChangesAsAsked() {
        var ann = scheduler.user("ann");
        String id = ann.post(PATH, """
                {"integrationDomain": "chat", "scheduleCron": "0 3 * * *", "scheduleZone": "Europe/Berlin",
                 "overlap": "queue_one", "catchUp": "none", "jitterSeconds": 0,
                 "pauseWindows": [{"from": "22:00", "to": "06:00"}],
                 "schedules": {"presence": {"intervalSeconds": 60}, "members": null}}
                """).expect(201).text("id");

        var read = ann.get(PATH + "/" + id).expect(200).json();
        assertThat(read.at("/scheduleZone").asString()).isEqualTo("Europe/Berlin");
        assertThat(read.at("/overlap").asString()).isEqualTo("queue_one");
        assertThat(read.at("/catchUp").asString()).isEqualTo("none");
        assertThat(read.at("/jitterSeconds").asInt()).isZero();
        assertThat(read.at("/pauseWindows/0/from").asString()).isEqualTo("22:00");
        assertThat(read.at("/schedules/presence/intervalSeconds").asInt()).isEqualTo(60);
        assertThat(read.at("/schedules").size()).isEqualTo(1);

        var changed = ann.patch(PATH + "/" + id, """
                {"pauseWindows": [], "overlap": "skip",
                 "schedules": {"presence": {"scheduleCron": "*/10 * * * * *"}, "members": {}}}
                """).expect(200).json();
        assertThat(changed.at("/pauseWindows").size()).isZero();
        assertThat(changed.at("/overlap").asString()).isEqualTo("skip");
        assertThat(changed.at("/catchUp").asString()).isEqualTo("none");
        assertThat(changed.at("/schedules/presence/scheduleCron").asString()).isEqualTo("*/10 * * * * *");
        assertThat(changed.at("/schedules/presence/intervalSeconds").isNull()).isTrue();
        assertThat(changed.at("/schedules/members/intervalSeconds").asInt()).isEqualTo(86_400);

        var ended = ann.patch(PATH + "/" + id, "{\"schedules\": {\"members\": null}}")
                .expect(200)
                .json();
        assertThat(ended.at("/schedules").size()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoSchedule() {
        var refused = scheduler.user("ann").post(PATH, """
                {"integrationDomain": "chat", "scheduleZone": "Mars/Base", "overlap": "often",
                 "schedules": {"presence": {"intervalSeconds": 9}, "letters": {}}}
                """).expect(400);

        assertThat(refused.text("code")).isEqualTo("api.invalidRequest");
        assertThat(refused.json().at("/errors").toString())
                .contains("/scheduleZone", "/overlap", "/schedules/presence/intervalSeconds", "presence, members");
    }

    @Test
    void triggersASyncTypeByItselfAtOnce() {
        var ann = scheduler.user("ann");
        String id =
                ann.post(PATH, "{\"integrationDomain\": \"chat\"}").expect(201).text("id");

        var byDefault = ann.post(PATH + "/" + id + "/trigger").expect(202);
        var presence = ann.post(PATH + "/" + id + "/trigger", "{\"syncType\": \"presence\"}")
                .expect(202);
        var again = ann.post(PATH + "/" + id + "/trigger", "{\"syncType\": \"presence\"}")
                .expect(202);

        assertThat(presence.text("runId")).isNotEqualTo(byDefault.text("runId")).isEqualTo(again.text("runId"));
        var run = UUID.fromString(presence.text("runId"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !scheduler.tasksOf(run).isEmpty());
        assertThat(scheduler.tasksOf(run).getFirst().value().getType()).isEqualTo("listPresence");
        assertThat(scheduler.tasksOf(run).getFirst().value().getSyncType()).isEqualTo("presence");
        ann.post(PATH + "/" + id + "/trigger", "{\"syncType\": \"letters\"}").expect(400);
    }
}
