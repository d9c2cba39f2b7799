package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.pipeline.bench.plugin.GmailSync;
import io.tributary.pipeline.bench.plugin.TrickleBacklog;
import io.tributary.schemas.RunProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/**
 * What 1,000,000 waiting tasks on one partition take of a heap of 512 MB; what becomes of the rate at which another
 * account's tasks are executed beside them; and whether they themselves, let go in the end, are executed as fast while
 * they are many as when there are few left.
 */
final class PendingMillion implements Scenario {

    private static final String HEAP = "-Xmx512m";
    private static final String LET_GO = "-D" + TrickleBacklog.PER_SECOND + "=1000000";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int waiting = effort.size(1_000_000, 100_000);
        int pages = effort.size(400, 40);
        try (var stage = WorkerStage.on(lab, "pending", 1)) {
            var mailbox =
                    stage.accounts(1, GmailSync.DOMAIN, Map.of("pages", pages)).getFirst();
            var backlog = stage.accounts(1, TrickleBacklog.DOMAIN, Map.of("items", waiting))
                    .getFirst();
            var worker = stage.startWorker(1, HEAP);
            tasksPerSecond(stage, mailbox); // warms up
            tasksPerSecond(stage, mailbox);
            var alone = new ArrayList<Double>();
            for (int round = 0; round < effort.rounds(); round++) {
                alone.add(tasksPerSecond(stage, mailbox));
            }
            BenchRun run = grow(stage, backlog, waiting, figures);
            addBeside(stage, worker, mailbox, Quantiles.of(alone).at(0.5), effort, figures);
            drain(stage, run, waiting, figures);
        }
    }

    private static BenchRun grow(WorkerStage stage, BenchAccount backlog, int waiting, Figures figures)
            throws InterruptedException {
        long begin = System.nanoTime();
        BenchRun run = stage.start(backlog, TrickleBacklog.INITIAL_TASK);
        stage.await(run, "a backlog", PATIENCE, progress -> progress.getSpawned() >= waiting);
        figures.add("worker.pending_1m_grow_s", "s", (System.nanoTime() - begin) / 1e9);
        return run;
    }

    private static void addBeside(
            WorkerStage stage,
            ServiceProcess worker,
            BenchAccount mailbox,
            double alone,
            Effort effort,
            Figures figures)
            throws InterruptedException {
        for (int round = 0; round < effort.rounds(); round++) {
            figures.add("worker.pending_1m_heap_mb", "MB", HeapInUse.megabytesOf(worker.handle()));
            figures.add("worker.pending_1m_rate_ratio", "", tasksPerSecond(stage, mailbox) / alone);
        }
    }

    private static double tasksPerSecond(WorkerStage stage, BenchAccount mailbox) throws InterruptedException {
        BenchRun run = stage.start(mailbox, GmailSync.INITIAL_TASK);
        var end = stage.awaitSuccess(run, PATIENCE);
        double seconds = Duration.between(run.publishedAt(), end.getAt()).toNanos() / 1e9;
        return end.getCompleted() / seconds;
    }

    /** The first fifth of the tasks warms the worker up and the last twentieth is left out; the rest is compared. */
    private static void drain(WorkerStage stage, BenchRun run, int waiting, Figures figures)
            throws InterruptedException {
        stage.stopWorker(1);
        stage.startWorker(1, HEAP, LET_GO);
        RunProgress warm = completed(0.20 * waiting, stage, run);
        RunProgress later = completed(0.40 * waiting, stage, run);
        RunProgress nearly = completed(0.75 * waiting, stage, run);
        RunProgress almost = completed(0.95 * waiting, stage, run);
        stage.awaitSuccess(run, PATIENCE);
        double many = WorkerStage.tasksPerSecond(warm, later);
        double few = WorkerStage.tasksPerSecond(nearly, almost);
        figures.add("worker.pending_1m_drain_per_s", "tasks/s", many);
        figures.add("worker.pending_1m_drain_ratio", "", many / few);
    }

    private static RunProgress completed(double tasks, WorkerStage stage, BenchRun run) throws InterruptedException {
        return stage.await(run, "a backlog to go", PATIENCE, progress -> progress.getCompleted() >= tasks);
    }
}
