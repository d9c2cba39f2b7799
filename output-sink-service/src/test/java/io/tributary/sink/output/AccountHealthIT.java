package io.tributary.sink.output;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.HealthCheck;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The health of accounts, and the back-off of their schedules, after the end of runs, with the sink's own role. */
class AccountHealthIT {

    private final Scene scene = new Scene();
    private final UUID mail = scene.userIntegration();

    @Test
    void aCheckThatSucceedsMakesTheAccountHealthy() {
        check(RunStatus.failed, "transient");

        check(RunStatus.succeeded, null);

        assertThat(row())
                .containsEntry("health_status", "healthy")
                .containsEntry("health_code", null)
                .containsEntry("health_message", null)
                .containsEntry("health_checked_at", Timestamp.from(Scene.NOW.minusSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "unauthorized, expired, expired",
        "misconfigured, misconfigured, error",
        "transient, unreachable, active",
        "timedOut, unreachable, active"
    })
    void aCheckThatFailsSaysWhy(String kind, String health, String status) {
        check(RunStatus.failed, kind);

        assertThat(row())
                .containsEntry("health_status", health)
                .containsEntry("health_code", "imap.trouble")
                .containsEntry("health_message", "it went wrong")
                .containsEntry("sync_status", status);
    }

    @Test
    void aRevokedAccountIsReportedToItsOwner() {
        check(RunStatus.failed, "unauthorized");

        assertThat(scene.owner()
                        .queryForList(
                                "select code from event_outbox where user_integration_id = ? and type ="
                                        + " 'integration.expired'",
                                String.class,
                                mail))
                .containsExactly("imap.trouble");
    }

    @Test
    void aCancelledCheckSaysNothing() {
        check(RunStatus.succeeded, null);

        check(RunStatus.cancelled, "permanent");

        assertThat(row()).containsEntry("health_status", "healthy");
    }

    @Test
    void aCheckOfCredentialsThatAreGoneSaysNothing() {
        scene.owner().update("update user_integration set identify_due_at = now() where id = ?", mail);

        check(RunStatus.failed, "transient");

        assertThat(row()).containsEntry("health_status", "unknown");
    }

    @Test
    void aSyncThatSucceedsContradictsACheckThatFailed() {
        check(RunStatus.failed, "transient");

        scene.apply(scene.progress(scene.run(mail, "schedule"), RunStatus.succeeded, 0));

        assertThat(row()).containsEntry("health_status", "healthy").containsEntry("health_code", null);
    }

    @Test
    void aSyncThatTheProviderRejectsContradictsACheckThatSucceeded() {
        check(RunStatus.succeeded, null);

        scene.apply(scene.progress(scene.run(mail, "schedule"), RunStatus.failed, 0, null, error("unauthorized")));

        assertThat(row()).containsEntry("health_status", "expired").containsEntry("health_code", "imap.trouble");
    }

    @Test
    void aSyncThatFailsForNowLeavesTheHealthToTheChecks() {
        check(RunStatus.succeeded, null);

        fail();

        assertThat(row()).containsEntry("health_status", "healthy");
    }

    @Test
    void anOutageDoesNotCountAsASuccess() {
        fail();

        assertThat(row()).containsEntry("last_sync_at", null).containsEntry("sync_status", "active");
    }

    @Test
    void anOutageMakesThePollingRarerUntilARunBringsSomething() {
        assertThat(fail()).isBetween(Duration.ofSeconds(900), Duration.ofSeconds(960));
        assertThat(fail()).isBetween(Duration.ofSeconds(1_800), Duration.ofSeconds(1_860));
        assertThat(fail()).isBetween(Duration.ofSeconds(3_600), Duration.ofSeconds(3_660));

        UUID run = scene.run(mail, "schedule");
        scene.apply(scene.progress(run, RunStatus.succeeded, 0));

        assertThat(waitAfter(run)).isBetween(Duration.ofSeconds(900), Duration.ofSeconds(960));
        assertThat(fail()).as("counts anew").isLessThan(Duration.ofSeconds(961));
    }

    @Test
    void aRunWhoseItemsCanNeverBeReadAdvancesWhereTheManifestAllowsIt() {
        var end = scene.progress(scene.run(mail, "schedule"), RunStatus.failed, 0, "{\"at\": 9}", error("permanent"));

        scene.apply(Scene.changed(end, it -> it.setAdvancesPastFailures(true)));

        assertThat(row()).containsEntry("state", "{\"at\": 9}").containsEntry("last_sync_at", null);
    }

    @Test
    void savesWhatALiveRunWaitsForAndForgetsItAtItsEnd() {
        UUID run = scene.run(mail, "schedule");
        var live = scene.progress(run, RunStatus.running, 0);

        scene.apply(Scene.changed(live, it -> it.setWaitsFor("retry").setWaitsUntil(Scene.NOW)));
        assertThat(scene.runRow(run))
                .containsEntry("waits_for", "retry")
                .containsEntry("waits_until", Timestamp.from(Scene.NOW));

        scene.apply(scene.progress(run, RunStatus.succeeded, 0));
        assertThat(scene.runRow(run)).containsEntry("waits_for", null).containsEntry("waits_until", null);
    }

    @Test
    void aLateReportOfARunThatTheWatchdogEndedChangesNeitherItsErrorNorItsAccount() {
        UUID run = scene.run(mail, "schedule");
        scene.owner()
                .update(
                        "update sync_run set status = 'failed', error_code = 'polling.runLost', finished_at = now()"
                                + " where id = ?",
                        run);

        scene.apply(scene.progress(run, RunStatus.cancelled, 0, "{\"at\": 9}", error("permanent")));

        assertThat(scene.runRow(run)).containsEntry("status", "failed").containsEntry("error_code", "polling.runLost");
        assertThat(row()).containsEntry("state", "{}");
    }

    /** Lets a run fail, and returns how long after its end the next one is due. */
    private Duration fail() {
        UUID run = scene.run(mail, "schedule");
        scene.apply(scene.progress(run, RunStatus.failed, 0, null, error("transient")));
        return waitAfter(run);
    }

    private Duration waitAfter(UUID run) {
        var end = requireNonNull((Timestamp) scene.runRow(run).get("finished_at"));
        var next = requireNonNull((Timestamp) row().get("next_sync_at"));
        return Duration.between(end.toInstant(), next.toInstant());
    }

    private void check(RunStatus status, @Nullable String kind) {
        UUID run = scene.run(mail, "system");
        scene.owner().update("update sync_run set sync_type = ? where id = ?", HealthCheck.SYNC_TYPE, run);
        scene.apply(scene.progress(run, status, 0, null, kind == null ? null : error(kind)));
    }

    private Map<String, Object> row() {
        return scene.userIntegrationRow(mail);
    }

    private static RunError error(String kind) {
        return new RunError("imap.trouble", "it went wrong", kind);
    }
}
