package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueuedRunTest {

    private static final Manifest MAIL = Manifest.parse(ManifestJson.MAIL);
    private static final UUID RUN = UUID.randomUUID();
    private static final UUID INTEGRATION = UUID.randomUUID();
    private static final Instant CREATED = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void startsWithTheInitialTaskOfItsSyncType() {
        var task = run("messages", "schedule").initialTask(MAIL);

        assertThat(task.getTaskId()).isEqualTo(RUN);
        assertThat(task.getRunId()).isEqualTo(RUN);
        assertThat(task.getRunSequence()).isEqualTo(42);
        assertThat(task.getParentTaskId()).isNull();
        assertThat(task.getUserIntegrationId()).isEqualTo(INTEGRATION);
        assertThat(task.getUserId()).isEqualTo("ann");
        assertThat(task.getDomain()).isEqualTo("mail");
        assertThat(task.getSyncType()).isEqualTo("messages");
        assertThat(task.getType()).isEqualTo("listMessages");
        assertThat(task.getPayload()).isEqualTo("{}");
        assertThat(task.getAttempt()).isEqualTo(1);
        assertThat(task.getPriority()).isEqualTo(3);
        assertThat(task.getTrigger()).isEqualTo(Trigger.schedule);
        assertThat(task.getOptions()).isEqualTo("{\"force\": true}");
        assertThat(task.getSyncState()).isEqualTo("{\"uid\": 7}");
        assertThat(task.getCreatedAt()).isEqualTo(CREATED);
    }

    @Test
    void isTheSameTaskAtEachCall() {
        var run = run("messages", "schedule");

        assertThat(run.initialTask(MAIL)).isEqualTo(run.initialTask(MAIL));
    }

    @Test
    void goesFirstWhenSomeoneWaitsForIt() {
        assertThat(run("messages", "manual").initialTask(MAIL).getPriority()).isZero();
    }

    @Test
    void usesTheDefaultSyncTypeWhereANewerManifestHasNoOtherOfItsName() {
        assertThat(run("gone", "schedule").initialTask(MAIL).getSyncType()).isEqualTo("messages");
    }

    private static QueuedRun run(String syncType, String trigger) {
        return new QueuedRun(
                RUN,
                42,
                INTEGRATION,
                "ann",
                "mail",
                syncType,
                trigger,
                "{\"force\": true}",
                "{\"uid\": 7}",
                CREATED,
                null);
    }
}
