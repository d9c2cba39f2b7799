package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The status of runs in which tasks failed: failed when they brought nothing, else partial. */
class RunsInAnOutageTest {

    private static final Limits ONE_ATTEMPT = Limits.DEFAULT.withAttempts(1, Duration.ZERO);
    private static final Outcome UNAVAILABLE =
            new Outcome.Failed(Outcome.Kind.TRANSIENT, "http.unavailable", "The provider answered 503.");

    private final UUID run = UUID.randomUUID();

    @Test
    void failWhenEveryRequestFails() {
        assertThat(statusOf((task, state) -> UNAVAILABLE)).isEqualTo(RunStatus.failed);
    }

    @Test
    void failWhenATaskWithoutARequestBeginsAndEveryRequestFails() {
        assertThat(statusOf((task, state) -> switch (task.getType()) {
                    case "list" -> then(task, "notifications", "events");
                    default -> UNAVAILABLE;
                }))
                .isEqualTo(RunStatus.failed);
    }

    @Test
    void failWhenEveryListedItemFails() {
        assertThat(statusOf((task, state) -> switch (task.getType()) {
                    case "list" -> then(task, "page");
                    case "page" -> then(task, "download", "download2");
                    default -> UNAVAILABLE;
                }))
                .isEqualTo(RunStatus.failed);
    }

    @Test
    void arePartialWhenOneListSaysThatThereIsNothingNew() {
        assertThat(statusOf((task, state) -> switch (task.getType()) {
                    case "list" -> then(task, "notifications", "events");
                    case "events" -> completed(task, 0, List.of(), JsonObject.EMPTY);
                    default -> UNAVAILABLE;
                }))
                .isEqualTo(RunStatus.partial);
    }

    @Test
    void arePartialWhenAPageBringsItemsAndTheNextPageFails() {
        assertThat(statusOf((task, state) -> switch (task.getType()) {
                    case "list" -> completed(task, 2, followUps(task, "page", 1), JsonObject.EMPTY);
                    default -> UNAVAILABLE;
                }))
                .isEqualTo(RunStatus.partial);
    }

    private RunStatus statusOf(HandCrankedWorker.Script script) {
        var worker = new HandCrankedWorker(ONE_ATTEMPT, new Random(1), script);
        worker.publish(initialTask(UUID.randomUUID(), run))
                .turn()
                .execute()
                .turn()
                .commit();
        worker.crash().settle();
        return worker.lastProgress(run).getStatus();
    }

    private static Outcome then(Task task, String... types) {
        var tasks = new ArrayList<Task>();
        for (String type : types) {
            tasks.addAll(followUps(task, type, 1));
        }
        return completed(task, 0, tasks, JsonObject.EMPTY);
    }
}
