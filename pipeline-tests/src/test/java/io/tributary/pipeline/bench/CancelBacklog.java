package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.TrickleBacklog;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.time.Duration;
import java.util.Map;

/** How long it takes to cancel a run with 100,000 waiting tasks: from the command to the final report of the run. */
final class CancelBacklog implements Scenario {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int waiting = effort.size(100_000, 20_000);
        try (var stage = WorkerStage.on(lab, "cancel", 1)) {
            stage.startWorker(1, "-Xmx512m");
            for (int round = 0; round < effort.rounds(); round++) {
                var account = stage.accounts(1, TrickleBacklog.DOMAIN, Map.of("items", waiting))
                        .getFirst();
                long outputsBefore = stage.output().outputs();
                BenchRun run = stage.start(account, TrickleBacklog.INITIAL_TASK);
                stage.await(run, "a backlog", PATIENCE, progress -> progress.getSpawned() >= waiting);

                long begin = System.nanoTime();
                stage.cancel(run);
                RunProgress last = stage.awaitEnd(run, PATIENCE);
                long outputs = stage.output().outputs() - outputsBefore;
                if (last.getStatus() != RunStatus.cancelled
                        || !WorkerStage.isOver(last)
                        || last.getOutputs() != outputs) {
                    throw new IllegalStateException("a cancelled run with " + outputs + " outputs ended as " + last);
                }
                figures.add("worker.cancel_100k_ms", "ms", (stage.readAt(run) - begin) / 1e6);
            }
        }
    }
}
