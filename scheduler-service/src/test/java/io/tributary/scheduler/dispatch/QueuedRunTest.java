package io.tributary.scheduler.dispatch;

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
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    private static final UUID INTEGRATION = UUID.randomUUID();
    private static final Instant CONNECTED = Instant.parse("2026-03-30T08:00:00Z");

    private static final Manifest WINDOWED = Manifest.parse(ManifestJson.MAIL.replace(
            "\"intervalSeconds\": 900", "\"intervalSeconds\": 900, \"firstWindowSeconds\": 86400"));

    private static final Instant CREATED = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void startsWithTheInitialTaskOfItsSyncType() {
        var task = run("messages", "schedule").initialTask(MAIL).orElseThrow();

        assertThat(task.getTaskId()).isEqualTo(RUN);
        assertThat(task.getRunId()).isEqualTo(RUN);
        assertThat(task.getTraceparent()).isEqualTo(TRACE);
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

        assertThat(run.initialTask(MAIL).orElseThrow())
                .isEqualTo(run.initialTask(MAIL).orElseThrow());
    }

    @Test
    void goesFirstWhenSomeoneWaitsForIt() {
        assertThat(run("messages", "manual").initialTask(MAIL).orElseThrow().getPriority())
                .isZero();
    }

    @Test
    void usesTheDefaultSyncTypeWhereANewerManifestHasNoOtherOfItsName() {
        assertThat(run("gone", "schedule").initialTask(MAIL).orElseThrow().getSyncType())
                .isEqualTo("messages");
    }

    @Test
    void boundsAFirstSyncByTheWindowBeforeTheAccountWasConnected() {
        assertThat(first("schedule", "{}", "{}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .isEqualTo("{\"firstSince\": \"" + CONNECTED.minusSeconds(86_400) + "\"}");
        assertThat(first("manual", "{}", "{}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .contains("firstSince");
    }

    @Test
    void boundsNoOtherSyncByTheFirstWindow() {
        String force = "{\"force\": true}";
        assertThat(first("schedule", "{}", "{\"uid\": 7}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .isEqualTo("{}");
        assertThat(first("manual", force, "{}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .isEqualTo(force);
        assertThat(first("backfill", "{}", "{}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .isEqualTo("{}");
        assertThat(first("system", "{}", "{}")
                        .initialTask(WINDOWED)
                        .orElseThrow()
                        .getOptions())
                .isEqualTo("{}");
        assertThat(first("schedule", "{}", "{}").initialTask(MAIL).orElseThrow().getOptions())
                .isEqualTo("{}");
    }

    private static QueuedRun run(String syncType, String trigger) {
        return run(syncType, trigger, "{\"force\": true}", "{\"uid\": 7}");
    }

    private static QueuedRun first(String trigger, String options, String state) {
        return run("messages", trigger, options, state);
    }

    private static QueuedRun run(String syncType, String trigger, String options, String state) {
        return new QueuedRun(
                RUN,
                42,
                new QueuedRun.OfAccount(INTEGRATION, "ann", "acme", "mail", CONNECTED),
                syncType,
                trigger,
                options,
                state,
                CREATED,
                null,
                TRACE);
    }
}
