package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.CodeLabels;
import io.tributary.schemas.Command;
import io.tributary.schemas.Task;
import io.tributary.worker.engine.TaskCounters.Settled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the engine counts and shows of its tasks. */
class EngineMetricsTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    @Test
    void countsTasksByOutcomeAndDeadLettersByCode() {
        var worker = worker(
                Limits.DEFAULT.withAttempts(2, Duration.ofSeconds(1)),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 3), JsonObject.EMPTY)
                        : new Outcome.Failed(Outcome.Kind.TRANSIENT, "test.broken", "It is broken."));

        worker.publish(initialTask(account, run)).settleFor(Duration.ofSeconds(10));

        assertThat(count(worker, "list", "completed")).isEqualTo(1);
        assertThat(count(worker, "download", "retried")).isEqualTo(3);
        assertThat(count(worker, "download", "failed")).isEqualTo(3);
        assertThat(worker.meters
                        .get("tributary.worker.dead.letters")
                        .tag("code", "test.broken")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(gauge(worker, "queue.depth")).isZero();
    }

    @Test
    void showsWaitingTasksAlsoAfterACrash() {
        var worker = worker(Limits.DEFAULT.withRate(0.001, 1), EngineMetricsTest::listThenDownload);

        worker.publish(initialTask(account, run)).settle();
        worker.pass(Duration.ofSeconds(90)).settle();
        worker.pass(Duration.ofSeconds(1)).settle();

        assertThat(gauge(worker, "queue.depth")).isEqualTo(3);
        assertThat(gauge(worker, "waiting.lanes")).isEqualTo(1);
        assertThat(gauge(worker, "oldest.waiting")).isBetween(1.0, 120.0);

        worker.commit().crash().settle();
        assertThat(gauge(worker, "partitions")).isEqualTo(1);
        assertThat(gauge(worker, "queue.depth")).isEqualTo(3);
    }

    @Test
    void showsThrottledAccountsAndHowLongTheyWere() {
        var worker = worker(
                Limits.DEFAULT,
                (task, state) -> new Outcome.Throttled("test.slowDown", "Not now.", Duration.ofMinutes(10)));

        worker.publish(initialTask(account, run)).settle();
        for (int second = 0; second < 5; second++) {
            worker.pass(Duration.ofSeconds(1)).settle();
        }

        assertThat(gauge(worker, "throttled.lanes")).isEqualTo(1);
        assertThat(gauge(worker, "oldest.waiting")).isZero();
        assertThat(worker.meters
                        .get("tributary.worker.throttled")
                        .tag("domain", "test")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void showsPausedAccountsWithTasks() {
        var worker = worker(Limits.DEFAULT, EngineMetricsTest::listThenDownload);

        worker.command(Command.pause, account, null)
                .publish(initialTask(account, run))
                .settle();
        worker.pass(Duration.ofSeconds(2)).settle();

        assertThat(gauge(worker, "paused.lanes")).isEqualTo(1);
        assertThat(gauge(worker, "waiting.lanes")).isZero();
    }

    @Test
    void boundsTheLabels() {
        var meters = new SimpleMeterRegistry();
        var counters = new TaskCounters(meters, new TaskLabels(Map.of("test", Set.of("list"))));
        var task = initialTask(account, run);

        counters.count(Task.newBuilder(task).setDomain("x" + run).build(), Settled.COMPLETED);
        counters.count(Task.newBuilder(task).setType("y" + run).build(), Settled.COMPLETED);
        for (int i = 0; i < 2 * CodeLabels.MOST; i++) {
            counters.deadLettered("test.code" + i, 1);
        }
        counters.deadLettered("anything at all", 1);

        assertThat(meters.find("tributary.worker.tasks").counters())
                .allSatisfy(
                        counter -> assertThat(counter.getId().getTag("type")).isIn("other", "list"));
        assertThat(meters.find("tributary.worker.dead.letters").counters()).hasSize(CodeLabels.MOST);
    }

    private static double count(HandCrankedWorker worker, String type, String outcome) {
        return worker.meters
                .get("tributary.worker.tasks")
                .tags("domain", "test", "type", type, "outcome", outcome)
                .counter()
                .count();
    }

    private static double gauge(HandCrankedWorker worker, String name) {
        return worker.meters.get("tributary.worker." + name).gauges().stream()
                .mapToDouble(it -> it.value())
                .sum();
    }

    private static Outcome listThenDownload(Task task, JsonObject state) {
        return task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 3), JsonObject.EMPTY)
                : completed(task, 1, List.of(), JsonObject.EMPTY);
    }

    private static HandCrankedWorker worker(Limits limits, HandCrankedWorker.Script script) {
        return new HandCrankedWorker(limits, new Random(1), script);
    }
}
