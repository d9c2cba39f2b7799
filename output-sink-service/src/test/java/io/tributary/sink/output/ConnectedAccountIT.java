package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.run.RunRecord.Progress;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whose account a user integration is connected to, with the sink's own role. */
class ConnectedAccountIT {

    private final Scene scene = new Scene();
    private final UUID hub = scene.userIntegration();

    @Test
    void isNotedWhenTheRunEndsWell() {
        configured("{}");
        UUID run = scene.run(hub, "system");

        scene.apply(ended(run, RunStatus.succeeded, account("42", "octocat", "{\"username\": \"octocat\"}")));

        assertThat(row()).containsEntry("account_id", "42").containsEntry("account_name", "octocat");
        assertThat(found()).isEqualTo("{\"username\": \"octocat\"}");
        assertThat(scene.runRow(run))
                .containsEntry("status", "succeeded")
                .containsEntry("completed", 1L)
                .containsEntry("failed", 0L);
    }

    @Test
    void leavesCursorScheduleAndLastSyncAlone() {
        scene.owner()
                .update(
                        "update user_integration set next_sync_at = '2026-04-01', sync_state = '{\"at\": 1}' where id"
                                + " = ?",
                        hub);
        var before = row();
        Progress end = ended(scene.run(hub, "system"), RunStatus.succeeded, account("42", "octocat", "{}"));

        scene.apply(Scene.changed(end, it -> it.setSyncState("{}")));

        for (String column : new String[] {"next_sync_at", "last_sync_at", "state", "sync_status", "version"}) {
            assertThat(row().get(column)).as(column).isEqualTo(before.get(column));
        }
    }

    @Test
    void putsNoSettingIntoAConfigBeforeItIsChecked() {
        configured("{\"query\": \"mine\"}");

        connected("{\"baseUrl\": \"https://evil.test\"}");

        assertThat(config()).isEqualTo("{\"query\": \"mine\"}");
        assertThat(found()).isEqualTo("{\"baseUrl\": \"https://evil.test\"}");
    }

    @Test
    void dropsAnAnswerAboutCredentialsThatAreGone() {
        scene.owner().update("update user_integration set identify_due_at = now() where id = ?", hub);

        connected("{\"username\": \"octocat\"}");

        assertThat(row()).containsEntry("account_id", null);
        assertThat(found()).isEqualTo("null");
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"partial", "failed", "cancelled", "timed_out"})
    void isNotNotedWhenTheRunDoesNotEndWell(RunStatus status) {
        scene.apply(ended(scene.run(hub, "system"), status, account("42", "octocat", "{\"username\": \"octocat\"}")));

        assertThat(row()).containsEntry("account_id", null).containsEntry("account_name", null);
        assertThat(found()).isEqualTo("null");
    }

    @Test
    void staysAsItWasWhenNothingIsKnown() {
        connected("{\"username\": \"octocat\"}");

        scene.apply(ended(scene.run(hub, "system"), RunStatus.succeeded, null));

        assertThat(row()).containsEntry("account_id", "42").containsEntry("account_name", "octocat");
    }

    @Test
    void isNotedWhereItHasNoIdAndTextThatPostgresCannotHold() {
        scene.apply(
                ended(scene.run(hub, "system"), RunStatus.succeeded, account(null, "a\0b", "{\"n\": \"\\u0000\"}")));

        assertThat(row()).containsEntry("account_id", null).containsEntry("account_name", "a\uFFFDb");
        assertThat(found()).isEqualTo("{\"n\": \"\uFFFD\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "no JSON", "\"text\""})
    void addsNoSettingsThatAreNoObject(String settings) {
        connected(settings);

        assertThat(row()).containsEntry("account_id", "42");
        assertThat(found()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unauthorized", "misconfigured"})
    void keepsNewCredentialsWhenARunThatBeganBeforeThemIsRejected(String kind) {
        scene.owner()
                .update(
                        "update user_integration set access_changed_at = now() + interval '1 minute',"
                                + " sync_status = 'active' where id = ?",
                        hub);
        UUID run = scene.run(hub, "schedule");
        Progress end = scene.progress(
                run, RunStatus.failed, 0, null, new RunError("hub.authFailed", "Connect it again.", kind));

        scene.apply(Scene.changed(end, it -> it.setCompleted(0).setFailed(1)));

        assertThat(row()).containsEntry("sync_status", "active").containsEntry("error_code", null);
        assertThat(row().get("next_sync_at")).as("polled again").isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unauthorized expired", "misconfigured error"})
    void stopsTheUserIntegrationWhenTheProviderRefuses(String kindAndStatus) {
        String[] expected = kindAndStatus.split(" ");
        UUID run = scene.run(hub, "system");
        Progress end = scene.progress(
                run, RunStatus.failed, 0, null, new RunError("hub.authFailed", "Connect it again.", expected[0]));

        scene.apply(Scene.changed(end, it -> it.setCompleted(0).setFailed(1)));

        assertThat(row())
                .containsEntry("sync_status", expected[1])
                .containsEntry("error_code", "hub.authFailed")
                .containsEntry("next_sync_at", null);
        assertThat(scene.runRow(run)).containsEntry("completed", 0L).containsEntry("failed", 1L);
    }

    @Test
    void mayNeitherReadNorWriteAConfig() {
        var sink = new JdbcTemplate(Scene.ofTheSink());

        assertThatThrownBy(() -> sink.queryForList("select config from user_integration"))
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> sink.update("update user_integration set config = '{}'"))
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    // Words of the tests

    private void connected(String settings) {
        scene.apply(ended(scene.run(hub, "system"), RunStatus.succeeded, account("42", "octocat", settings)));
    }

    private Progress ended(UUID run, RunStatus status, @Nullable ProviderAccount account) {
        return Scene.changed(scene.progress(run, status, 0), end -> end.setAccount(account));
    }

    private static ProviderAccount account(@Nullable String id, String name, String settings) {
        return new ProviderAccount(id, name, settings);
    }

    private void configured(String config) {
        scene.owner().update("update user_integration set config = ?::jsonb where id = ?", config, hub);
    }

    private Map<String, Object> row() {
        return scene.userIntegrationRow(hub);
    }

    private String found() {
        return String.valueOf(scene.owner()
                .queryForObject("select found_settings::text from user_integration where id = ?", String.class, hub));
    }

    private String config() {
        return String.valueOf(scene.owner()
                .queryForObject("select config::text from user_integration where id = ?", String.class, hub));
    }
}
