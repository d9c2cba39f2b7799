package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import io.tributary.pipeline.bench.plugin.TrickleBacklog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/**
 * What 1,000,000 waiting tasks on one partition take of a heap of 512 MB, and what becomes of the rate at which another
 * account's tasks are executed on that partition.
 */
final class PendingMillion implements Scenario {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "pending";
    }

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int waiting = effort.size(1_000_000, 100_000);
        int pages = effort.size(400, 40);
        try (var stage = Stage.on(lab, "pending", 1)) {
            var mailbox =
                    stage.accounts(1, GmailSync.DOMAIN, Map.of("pages", pages)).getFirst();
            var backlog = stage.accounts(1, TrickleBacklog.DOMAIN, Map.of("items", waiting))
                    .getFirst();
            var worker = stage.startWorker(1, "-Xmx512m");
            tasksPerSecond(stage, mailbox); // warms up
            tasksPerSecond(stage, mailbox);
            var alone = new ArrayList<Double>();
            for (int round = 0; round < effort.rounds(); round++) {
                alone.add(tasksPerSecond(stage, mailbox));
            }

            long begin = System.nanoTime();
            Run run = stage.start(backlog, TrickleBacklog.INITIAL_TASK);
            stage.await(run, "a backlog", PATIENCE, progress -> progress.getSpawned() >= waiting);
            figures.add("worker.pending_1m_grow_s", "s", (System.nanoTime() - begin) / 1e9);

            for (int round = 0; round < effort.rounds(); round++) {
                figures.add("worker.pending_1m_heap_mb", "MB", HeapInUse.megabytesOf(worker.handle()));
                double beside = tasksPerSecond(stage, mailbox);
                figures.add(
                        "worker.pending_1m_rate_ratio",
                        "",
                        beside / Quantiles.of(alone).at(0.5));
            }
        }
    }

    private static double tasksPerSecond(Stage stage, Account mailbox) throws InterruptedException {
        Run run = stage.start(mailbox, GmailSync.INITIAL_TASK);
        var end = stage.awaitSuccess(run, PATIENCE);
        double seconds = Duration.between(run.publishedAt(), end.getAt()).toNanos() / 1e9;
        return end.getCompleted() / seconds;
    }
}
