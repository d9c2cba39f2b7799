package io.tributary.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that can only send GET. */
@ExtendWith(SharedScheduler.class)
class PauseByGetIT {

    private static final String ACCOUNT = "{\"integrationDomain\": \"hello\"}";

    @Test
    void isRefusedByDefault(RunningScheduler scheduler) {
        var ann = scheduler.user("ann-" + UUID.randomUUID());
        String account = ann.post("/v1/user-integrations", ACCOUNT).expect(201).text("id");

        ann.get("/sync/pause/" + account).expect(405);

        assertThat(ann.get("/v1/user-integrations/" + account).expect(200).text("syncStatus"))
                .isEqualTo("active");
    }

    @Test
    void pausesResumesAndIsAudited(@TempDir Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        var settings = Map.of("tributary.api.pause-by-get", "true");
        try (var scheduler = RunningScheduler.start(folder, Database.empty(), broker, settings)) {
            var ann = scheduler.user("ann");
            String account =
                    ann.post("/v1/user-integrations", ACCOUNT).expect(201).text("id");
            String path = "/v1/user-integrations/" + account;

            ann.get("/sync/pause/" + account).expect(200);
            assertThat(ann.get(path).expect(200).text("syncStatus")).isEqualTo("paused");
            scheduler.user("bob").get("/sync/resume/" + account).expect(404);
            ann.get("/sync/resume/" + account).expect(200);

            assertThat(ann.get(path).expect(200).text("syncStatus")).isEqualTo("active");
            assertThat(scheduler
                            .database()
                            .jdbc()
                            .sql("select action from audit_log where action in ('pause', 'resume') order by id")
                            .query(String.class)
                            .list())
                    .containsExactly("pause", "resume", "resume");
        }
    }
}
