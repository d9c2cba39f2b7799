package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.Task;
import io.tributary.worker.engine.EngineConfig.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A tenant with many accounts, and its neighbour on the same partition. Bounds are counted in turns of the engine. */
class NoisyTenantTest {

    private static final int ACCOUNTS = 10_000;
    private static final int THREADS = Bounds.DEFAULT.maxExecuting();
    private static final Bounds FEW_THREADS = new Bounds(
            8, 16, Duration.ofDays(7), Duration.ofMinutes(15), Duration.ofHours(1), Bounds.DEFAULT.maxStateBytes());

    @Test
    void startsTheNeighboursTaskInTheNextTurnWhileTarpitsHoldAllThreadsThatTheNoisyTenantMayHave() {
        var worker = worker(Bounds.DEFAULT);
        publish(worker, "noisy", ACCOUNTS);
        int held = worker.turn().turn().startedCount(); // None of them ends.
        assertThat(held).isEqualTo(THREADS * 3 / 4);

        publish(worker, "quiet", 1);

        assertThat(worker.turn().startedCount()).isEqualTo(held + 1);
    }

    @Test
    void sharesTheThreadsOfAnOrganisationAmongItsUsers() {
        var worker = worker(Bounds.DEFAULT);
        for (int account = 0; account < ACCOUNTS; account++) {
            worker.publish(task("acme", "noisy"));
        }
        int held = worker.turn().startedCount();

        worker.publish(task("acme", "colleague"));

        assertThat(held).isLessThan(THREADS * 3 / 4);
        assertThat(worker.turn().startedCount()).isEqualTo(held + 1);
    }

    @Test
    void knowsAfterACrashWhoseTheRunsAre() {
        var worker = worker(Bounds.DEFAULT);
        publish(worker, "noisy", ACCOUNTS);
        worker.commit().crash();
        assertThat(worker.turn().startedCount()).isEqualTo(THREADS * 3 / 4);

        publish(worker, "quiet", 1);

        assertThat(worker.turn().startedCount()).isEqualTo(THREADS * 3 / 4 + 1);
    }

    @Test
    void servesTenantsInTurnWhateverTheNumberOfTheirAccounts() {
        var worker = worker(FEW_THREADS);
        publish(worker, "noisy", ACCOUNTS);
        worker.turn();
        List<Task> neighbours = publish(worker, "quiet", 20);

        int turns = 0;
        while (!worker.executed().containsAll(neighbours)) {
            worker.execute().turn();
            turns++;
        }

        assertThat(turns).isLessThanOrEqualTo(neighbours.size());
        assertThat(worker.executed()).as("of all").hasSizeLessThan(ACCOUNTS / 10);
    }

    @Test
    void servesTenantsInTurnThatShareTheRateOfAProviderApp() {
        Limits limits = Limits.DEFAULT.withRate(10, 1).withSharedBy(Limits.SharedBy.PROVIDER_APP);
        var worker = new HandCrankedWorker(limits, Bounds.DEFAULT, new Random(1), NoisyTenantTest::ends);
        publish(worker, "noisy", 1_000);
        worker.turn().execute();
        List<Task> neighbours = publish(worker, "quiet", 10);
        worker.turn().execute();

        int starts = worker.executed().size();
        while (!worker.executed().containsAll(neighbours)) {
            worker.pass(Duration.ofMillis(100)).turn().execute();
        }

        assertThat(worker.executed().size() - starts).isLessThanOrEqualTo(2 * neighbours.size() + 2);
    }

    private static Outcome ends(Task task, JsonObject state) {
        return completed(task, 0, List.of(), JsonObject.EMPTY);
    }

    private static HandCrankedWorker worker(Bounds bounds) {
        return new HandCrankedWorker(Limits.DEFAULT, bounds, new Random(1), NoisyTenantTest::ends);
    }

    /** Publishes an initial task of each of the tenant's accounts. */
    private static List<Task> publish(HandCrankedWorker worker, String user, int accounts) {
        List<Task> tasks = Stream.generate(() -> task("", user)).limit(accounts).toList();
        tasks.forEach(worker::publish);
        return tasks;
    }

    private static Task task(String org, String user) {
        return Task.newBuilder(initialTask(UUID.randomUUID(), UUID.randomUUID()))
                .setOrgId(org)
                .setUserId(user)
                .build();
    }
}
