package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import io.tributary.pipeline.bench.plugin.NoisyBacklog;
import io.tributary.schemas.RunProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/**
 * What a small sync takes beside an integration with 100,000 waiting tasks on the same partition, by what it takes
 * alone; and whether that integration comes to the rate that its limit allows.
 */
final class NoisyNeighbour implements Scenario {

    private static final int PAGES = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int queued = effort.size(100_000, 30_000);
        int syncs = effort.size(40, 10);
        try (var stage = WorkerStage.on(lab, "neighbour", 1)) {
            var noisy = stage.accounts(1, NoisyBacklog.DOMAIN, Map.of("items", queued))
                    .getFirst();
            var quiet =
                    stage.accounts(1, GmailSync.DOMAIN, Map.of("pages", PAGES)).getFirst();
            stage.startWorker(1, "-Xmx512m");
            medianOf(syncs * 2, stage, quiet); // warms up
            for (int round = 0; round < effort.rounds(); round++) {
                double alone = medianOf(syncs, stage, quiet);
                BenchRun backlog = stage.start(noisy, NoisyBacklog.INITIAL_TASK);
                RunProgress first =
                        stage.await(backlog, "a backlog", PATIENCE, progress -> progress.getSpawned() >= queued);
                double beside = medianOf(syncs, stage, quiet);
                RunProgress last = later(stage, backlog, first, Duration.ofSeconds(effort.size(10, 4)));
                stage.cancel(backlog);
                stage.await(backlog, "a cancelled run", PATIENCE, WorkerStage::isOver);

                figures.add("worker.neighbour_alone_ms", "ms", alone);
                figures.add("worker.neighbour_beside_ms", "ms", beside);
                figures.add("worker.neighbour_ratio", "", beside / alone);
                figures.add(
                        "worker.noisy_share_of_limit",
                        "",
                        WorkerStage.tasksPerSecond(first, last) / NoisyBacklog.PER_SECOND);
            }
        }
    }

    private static double medianOf(int syncs, WorkerStage stage, BenchAccount account) throws InterruptedException {
        var times = new ArrayList<Double>();
        for (int i = 0; i < syncs; i++) {
            BenchRun run = stage.start(account, GmailSync.INITIAL_TASK);
            RunProgress end = stage.awaitSuccess(run, PATIENCE);
            times.add(Duration.between(run.publishedAt(), end.getAt()).toNanos() / 1e6);
        }
        return Quantiles.of(times).at(0.5);
    }

    /** A report of the run, some time after another one. */
    private static RunProgress later(WorkerStage stage, BenchRun run, RunProgress first, Duration time)
            throws InterruptedException {
        var from = first.getAt().plus(time);
        return stage.await(
                run, "progress", PATIENCE, progress -> progress.getAt().isAfter(from));
    }
}
