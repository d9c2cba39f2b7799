package io.tributary.scheduler.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedScheduler.class)
class RenewDueAccessIT {

    private final RunningScheduler scheduler;

    RenewDueAccessIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Test
    void startsASystemRunFiveMinutesBeforeTheTokenExpires() {
        UUID account = connect(Instant.now().plusSeconds(290).toString());

        scheduler.bean(RenewDueAccess.class).run();
        scheduler.bean(RenewDueAccess.class).run();

        var run = await().atMost(Duration.ofMinutes(1)).until(() -> runs(account), runs -> runs.size() == 1);
        var task = await().atMost(Duration.ofMinutes(1))
                .until(() -> scheduler.tasksOf(run.getFirst()), tasks -> !tasks.isEmpty())
                .getFirst()
                .value();
        assertThat(task.getType()).isEqualTo(RefreshAccess.TASK_TYPE);
        assertThat(task.getTrigger()).isEqualTo(Trigger.system);
    }

    @ParameterizedTest
    @ValueSource(longs = {310, 3_600})
    void leavesTokensAloneThatLiveLonger(long seconds) {
        UUID account = connect(Instant.now().plusSeconds(seconds).toString());

        scheduler.bean(RenewDueAccess.class).run();

        assertThat(runs(account)).isEmpty();
    }

    @Test
    void readsSecondsAndMilliseconds() {
        UUID seconds = connect(String.valueOf(Instant.now().plusSeconds(60).getEpochSecond()));
        UUID millis = connect(String.valueOf(Instant.now().plusSeconds(60).toEpochMilli()));

        scheduler.bean(RenewDueAccess.class).run();

        assertThat(runs(seconds)).hasSize(1);
        assertThat(runs(millis)).hasSize(1);
    }

    @Test
    void leavesAccountsAloneThatAreNotPolled() {
        UUID account = connect(Instant.now().plusSeconds(60).toString());
        scheduler
                .user("ann")
                .patch("/v1/user-integrations/" + account, "{\"syncStatus\": \"paused\"}")
                .expect(200);

        scheduler.bean(RenewDueAccess.class).run();

        assertThat(runs(account)).isEmpty();
    }

    @Test
    void renewsNothingOfAPausedPlatformUntilItIsResumed() {
        UUID account = connect(Instant.now().plusSeconds(60).toString());
        scheduler.operator().post("/sync/pause/cloud").expect(200);
        try {
            scheduler.bean(RenewDueAccess.class).run();

            assertThat(runs(account)).isEmpty();
        } finally {
            scheduler.operator().post("/sync/resume/cloud").expect(200);
        }
        scheduler.bean(RenewDueAccess.class).run();
        assertThat(runs(account)).hasSize(1);
    }

    @Test
    void endsTheExchangeUnderWayWhenTheAccountIsConnectedAgain() {
        UUID account = connect(Instant.now().plusSeconds(3_600).toString());
        scheduler
                .database()
                .update(
                        "insert into token_exchange (user_integration_id, holder, begun_at) values (:id, :id, now())",
                        account);

        scheduler
                .user("ann")
                .patch("/v1/user-integrations/" + account, "{\"credentials\": {\"accessToken\": \"other\"}}")
                .expect(200);

        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from token_exchange where user_integration_id = :id",
                                account,
                                Long.class))
                .isZero();
        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from user_integration where id = :id and access_refresh_at is not"
                                        + " null",
                                account,
                                Long.class))
                .isZero();
    }

    private UUID connect(String expiresAt) {
        String id = scheduler
                .user("ann")
                .post("/v1/user-integrations", """
                    {"integrationDomain": "cloud",
                     "credentials": {"accessToken": "a", "refreshToken": "r", "expiresAt": "%s"}}
                    """.formatted(expiresAt))
                .expect(201)
                .text("id");
        return UUID.fromString(id);
    }

    private List<UUID> runs(UUID account) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from sync_run where user_integration_id = :id and trigger = 'system'")
                .param("id", account)
                .query(UUID.class)
                .list();
    }
}
