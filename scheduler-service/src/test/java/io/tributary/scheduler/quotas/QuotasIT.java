package io.tributary.scheduler.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.polling.PickDueIntegrations;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when a user or an organisation wants more than its quotas. */
class QuotasIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations";
    private static final String HELLO = "{\"integrationDomain\": \"hello\"}";

    private final String org = "acme-" + UUID.randomUUID();
    private final String name = "bob-" + UUID.randomUUID();

    private Api bob;
    private Api carl;
    private Api admin;

    @BeforeEach
    void signIn() {
        bob = scheduler.member(name, org);
        carl = scheduler.member("carl-" + name, org);
        admin = scheduler.orgAdmin("ada-" + name, org);
    }

    @Test
    void refusesAnAccountBeyondTheQuotaOfItsUser() {
        allow(Quota.ACCOUNTS, 1L, null);
        bob.connectHello();

        bob.post(PATH, HELLO).expectProblem(409, "quota.accounts");

        assertThat(accounts()).isEqualTo(1);
        carl.post(PATH, HELLO).expect(201);
    }

    @Test
    void refusesAnAccountBeyondTheQuotaOfItsOrganisation() {
        allow(Quota.ACCOUNTS, null, 2L);
        bob.connectHello();
        carl.connectHello();

        assertThat(bob.post(PATH, HELLO).expectProblem(409, "quota.accounts").text("detail"))
                .contains("organisation is 2");
        scheduler.user(name).post(PATH, HELLO).expect(201);
    }

    @Test
    void letsOnlyOneOfManyRequestsTakeTheLastAccount() throws Exception {
        allow(Quota.ACCOUNTS, 1L, null);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> requests = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                requests.add(() -> bob.post(PATH, HELLO).status());
            }
            threads.invokeAll(requests);
        }

        assertThat(accounts()).isEqualTo(1);
    }

    @Test
    void refusesARunBeyondTheQuotaOfLiveRunsUntilOneHasEnded() {
        allow(Quota.LIVE_RUNS, 1L, null);
        UUID first = bob.connectHello();
        UUID second = bob.connectHello();
        String run = bob.post(PATH + "/" + first + "/trigger").expect(202).text("runId");

        bob.post(PATH + "/" + second + "/trigger").expectProblem(429, "quota.liveRuns");
        bob.post(PATH + "/" + first + "/trigger").expect(202); // It is live already.

        end(run);
        bob.post(PATH + "/" + second + "/trigger").expect(202);
    }

    @Test
    void postponesSchedulesBeyondTheQuotaOfLiveRuns() {
        allow(Quota.LIVE_RUNS, 1L, null);
        UUID first = bob.connectHello();
        UUID second = bob.connectHello();
        Instant now = Instant.now().plusSeconds(60);

        pickAll(now);

        assertThat(liveRunsOf(first) + liveRunsOf(second)).isEqualTo(1);
        assertThat(scheduler
                        .database()
                        .count("select count(*) from sync_schedule where user_integration_id in ('" + first + "', '"
                                + second + "') and next_sync_at > '" + now + "'"))
                .as("postponed, not lost")
                .isEqualTo(1);
    }

    @Test
    void refusesABackfillBeyondTheQuota() {
        allow(Quota.LIVE_BACKFILLS, 1L, null);
        String trigger = PATH + "/" + bob.connectHello() + "/trigger";
        bob.post(trigger, backfill(1)).expect(202);

        bob.post(trigger, backfill(2)).expectProblem(429, "quota.liveBackfills");
        bob.post(trigger, backfill(1)).expect(202);
        bob.post(trigger).expect(202);
    }

    @Test
    void refusesSchedulesThatStartMoreRunsThanTheQuota() {
        allow(Quota.RUNS_PER_HOUR, 60L, null);
        String every2Minutes = "{\"integrationDomain\": \"hello\", \"pollIntervalMinutes\": 2}";
        UUID first = UUID.fromString(bob.post(PATH, every2Minutes).expect(201).text("id"));
        bob.post(PATH, every2Minutes).expect(201);

        bob.post(PATH, HELLO).expectProblem(409, "quota.runsPerHour");
        bob.patch(PATH + "/" + first, "{\"pollIntervalMinutes\": 1}").expectProblem(409, "quota.runsPerHour");
        bob.patch(PATH + "/" + first, "{\"scheduleCron\": \"*/30 * * * * *\"}").expectProblem(409, "quota.runsPerHour");
        allow(Quota.RUNS_PER_HOUR, 10L, null);
        bob.patch(PATH + "/" + first, "{\"pollIntervalMinutes\": 4}").expect(200);
        bob.patch(PATH + "/" + first, "{\"name\": \"Mine\"}").expect(200);
    }

    @Test
    void refusesACronExpressionThatFiresTooOften() {
        bob.post(PATH, "{\"integrationDomain\": \"hello\", \"scheduleCron\": \"* * * * * *\"}")
                .expectError("/scheduleCron");
    }

    @Test
    void showsUseAndLimits() {
        allow(Quota.ACCOUNTS, 7L, 9L);
        bob.connectHello();
        carl.connectHello();

        assertThat(use(bob, "accounts")).isEqualTo("user 1 of 7");
        assertThat(use(admin, "accounts")).isEqualTo("organisation 2 of 9");
        assertThat(use(bob, "runsPerHour")).isEqualTo("user 4 of 120000");
    }

    private static String use(Api api, String quota) {
        return api.get("/sync/info")
                .expect(200)
                .json()
                .get("quotas")
                .valueStream()
                .filter(use -> use.get("name").asString().equals(quota))
                .map(use -> use.get("scope").asString() + " " + use.get("used") + " of " + use.get("limit"))
                .findFirst()
                .orElseThrow();
    }

    private static String backfill(int day) {
        return "{\"options\": {\"startDate\": \"2026-01-0" + day
                + "T00:00:00Z\", \"endDate\": \"2026-02-01T00:00:00Z\"}}";
    }

    private void allow(Quota quota, @Nullable Long perUser, @Nullable Long perOrg) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into org_quota (org_id, quota, per_user, per_org) values (:org, :quota, :perUser, :perOrg)
                    on conflict (org_id, quota) do update set per_user = excluded.per_user
                    """)
                .param("org", org)
                .param("quota", quota.label())
                .param("perUser", perUser, Types.BIGINT)
                .param("perOrg", perOrg, Types.BIGINT)
                .update();
    }

    private void pickAll(Instant now) {
        assertThat(scheduler.bean(Manifests.class).caughtUp()).isTrue();
        var pick = scheduler.bean(PickDueIntegrations.class);
        while (!pick.pick(now, 100).isEmpty()) {
            // until none is due
        }
    }

    private void end(String run) {
        scheduler
                .database()
                .update(
                        "update sync_run set status = 'succeeded', finished_at = now() where id = :id",
                        UUID.fromString(run));
    }

    private long accounts() {
        return scheduler.database().count("select count(*) from user_integration where user_id = '" + name + "'");
    }

    private long liveRunsOf(UUID account) {
        return scheduler
                .database()
                .count("select count(*) from sync_run where finished_at is null and trigger <> 'system' and"
                        + " user_integration_id = '" + account + "'");
    }
}
