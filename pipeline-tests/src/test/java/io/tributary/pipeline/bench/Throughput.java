package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How many tasks a second one worker executes for eight mailboxes on four partitions, {@value GmailSync#CONCURRENCY} at
 * a time for each, and what a task costs. From the publishing of the first initial task to the end of the last run, as
 * the worker counted it.
 */
final class Throughput implements Scenario {

    private static final int PARTITIONS = 4;
    private static final int MAILBOXES = 8;
    /** Until the compiler has come to rest; with fewer, its work is a third of what is measured. */
    private static final int WARM_UPS = 8;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Duration taskTime;
    private final int fullPages;

    /**
     * @param taskTime what a task takes
     * @param fullPages pages of each mailbox, so that a round takes some seconds
     */
    Throughput(Duration taskTime, int fullPages) {
        this.taskTime = taskTime;
        this.fullPages = fullPages;
    }

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int pages = effort.size(fullPages, 50);
        try (var stage = WorkerStage.on(lab, "throughput" + taskTime.toMillis(), PARTITIONS)) {
            var mailboxes = stage.accounts(
                    MAILBOXES, GmailSync.DOMAIN, Map.of("pages", pages, "delayMillis", taskTime.toMillis()));
            stage.startWorker(1, "-Xmx512m");
            for (int i = 0; i < WARM_UPS; i++) {
                syncAll(stage, mailboxes, pages);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                var before = stage.cpu();
                double seconds = syncAll(stage, mailboxes, pages).toNanos() / 1e9;
                var taken = stage.cpu().since(before);
                long tasks = (long) MAILBOXES * pages * (GmailSync.PER_PAGE + 1);
                figures.add("worker.tasks_per_s." + taskTime.toMillis() + "ms", "tasks/s", tasks / seconds);
                if (taskTime.isZero()) {
                    figures.add("worker.cpu_us_per_task", "us", taken.microsPer(tasks));
                    figures.add("worker.cpu_us_per_task.worker_alone", "us", taken.microsPer(tasks, "worker"));
                }
            }
        }
    }

    /** Syncs mailboxes of so many pages at the same time, and tells how long it took. */
    static Duration syncAll(WorkerStage stage, List<BenchAccount> mailboxes, int pages) throws InterruptedException {
        long outputsBefore = stage.output().outputs();
        var begin = Instant.now();
        var runs = stage.start(mailboxes, GmailSync.INITIAL_TASK);
        Instant end = begin;
        for (BenchRun run : runs) {
            Instant at = stage.awaitSuccess(run, PATIENCE).getAt();
            end = at.isAfter(end) ? at : end;
        }
        long outputs = stage.output().outputs() - outputsBefore;
        if (outputs != (long) mailboxes.size() * pages * GmailSync.PER_PAGE) {
            throw new IllegalStateException("there were " + outputs + " outputs of " + pages + " pages each");
        }
        return Duration.between(begin, end);
    }
}
