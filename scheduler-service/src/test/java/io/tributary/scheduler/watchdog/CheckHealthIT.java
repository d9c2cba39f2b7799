package io.tributary.scheduler.watchdog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.HealthCheck;
import io.tributary.schemas.TryAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The periodic check of accounts, and what responses show of it. */
class CheckHealthIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations/";

    @ParameterizedTest
    @CsvSource({"hub, " + ConnectAccount.TASK_TYPE, "hello, " + TryAccount.TASK_TYPE})
    void identifiesTheAccountOrElseTriesItsFirstTask(String domain, String taskType) {
        UUID account = connect(domain);

        checkNow(account);

        UUID run = checks(account).getFirst();
        var task = await().atMost(Duration.ofMinutes(1))
                .until(() -> scheduler.tasksOf(run), tasks -> !tasks.isEmpty())
                .getFirst();
        assertThat(task.value().getType()).isEqualTo(taskType);
    }

    @Test
    void checksAgainAfterFourHoursAndATenthMoreOrLess() {
        UUID account = connect("hello");

        checkNow(account);

        assertThat(seconds(account)).isBetween(4 * 3_600 * 0.89, 4 * 3_600 * 1.11);
    }

    @Test
    void spreadsTheFirstChecksOverTheInterval() {
        UUID account = connect("hello");

        assertThat(seconds(account)).isBetween(19 * 60.0, 4 * 3_600.0);
    }

    @Test
    void checksNoPausedAccount() {
        UUID account = connect("hello");
        ann.post("/sync/pause/" + account).expect(200);

        due(account);
        scheduler.bean(CheckHealth.class).run();

        assertThat(checks(account)).isEmpty();
    }

    @Test
    void checksNoAccountOfAPausedPlatformAndThoseOfOthersMeanwhile() {
        UUID paused = connect("hub");
        UUID other = connect("hello");
        scheduler.operator().post("/sync/pause/hub").expect(200);
        try {
            due(paused);
            checkNow(other);

            assertThat(checks(paused)).isEmpty();
        } finally {
            scheduler.operator().post("/sync/resume/hub").expect(200);
        }
    }

    /** So many due accounts of a paused platform cost one look at the index. */
    @Test
    void findsDueAccountsByTheirPlatform() {
        String plan = scheduler.database().transaction().execute(_ -> {
            ByIndex.prefer(scheduler.database().jdbc());
            return String.join(
                    "\n",
                    scheduler
                            .database()
                            .jdbc()
                            .sql("explain (costs off) " + CheckHealth.TAKE)
                            .param("now", SqlTime.of(Instant.now()))
                            .param("batch", 200)
                            .param("interval", 14_400)
                            .param("syncType", HealthCheck.SYNC_TYPE)
                            .query(String.class)
                            .list());
        });

        assertThat(plan)
                .containsPattern("user_integration_health_by_domain[^\n]*\n\\s*Index Cond: \\(\\(integration_domain = ")
                .doesNotContain("Seq Scan on user_integration");
    }

    @Test
    void showsTheResult() {
        UUID account = connect("hello");
        assertThat(ann.get(PATH + account).json().get("healthStatus").asString())
                .isEqualTo("unknown");
        assertThat(ann.get(PATH + account).json().get("healthCheckedAt").isNull())
                .isTrue();

        scheduler
                .database()
                .update(
                        "update user_integration set health_status = 'unreachable', health_checked_at ="
                                + " '2026-04-01T12:00Z', health_code = 'hello.mute', health_message = 'No answer.'"
                                + " where id = :id",
                        account);

        var shown = ann.get(PATH + account).json();
        assertThat(shown.get("healthStatus").asString()).isEqualTo("unreachable");
        assertThat(shown.get("healthCheckedAt").asString()).isEqualTo("2026-04-01T12:00:00Z");
        assertThat(shown.at("/healthError/code").asString()).isEqualTo("hello.mute");
        assertThat(shown.at("/healthError/message").asString()).isEqualTo("No answer.");
    }

    @Test
    void showsFlagsOfTheAccountAndTheirSums() {
        UUID account = connect("hello");
        assertThat(ann.get(PATH + account).json().get("flags").isEmpty()).isTrue();

        scheduler
                .database()
                .update(
                        "insert into account_flag (user_integration_id, sync_type, code, message)"
                                + " values (:id, 'default', 'watchdog.fewOutputs', 'Nothing came.')",
                        account);

        var shown = ann.get(PATH + account).json();
        assertThat(shown.at("/flags/0/code").asString()).isEqualTo("watchdog.fewOutputs");
        assertThat(shown.at("/flags/0/message").asString()).isEqualTo("Nothing came.");
        assertThat(shown.at("/flags/0/syncType").asString()).isEqualTo("default");
        assertThat(ann.get("/sync/status").json().at("/info/flags/0").toString())
                .isEqualTo("{\"code\":\"watchdog.fewOutputs\",\"accounts\":1}");
    }

    private UUID connect(String domain) {
        String credentials = domain.equals("hub") ? ", \"credentials\": {\"apiKey\": \"secret\"}" : "";
        return UUID.fromString(
                ann.post("/v1/user-integrations", "{\"integrationDomain\": \"" + domain + "\"" + credentials + "}")
                        .expect(201)
                        .text("id"));
    }

    private void checkNow(UUID account) {
        due(account);
        scheduler.bean(CheckHealth.class).run();
        await().atMost(Duration.ofMinutes(1)).until(() -> !checks(account).isEmpty());
    }

    private void due(UUID account) {
        scheduler
                .database()
                .update("update user_integration set health_due_at = now() - interval '1 s' where id = :id", account);
    }

    private double seconds(UUID account) {
        return requireNonNull(scheduler
                .database()
                .value(
                        "select extract(epoch from health_due_at - now())::float8 from user_integration where id = :id",
                        account,
                        Double.class));
    }

    private List<UUID> checks(UUID account) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from sync_run where user_integration_id = :id and sync_type = :syncType")
                .param("id", account)
                .param("syncType", HealthCheck.SYNC_TYPE)
                .query(UUID.class)
                .list();
    }
}
