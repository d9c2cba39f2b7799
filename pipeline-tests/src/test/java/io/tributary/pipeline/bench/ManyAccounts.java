package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How fast the tasks of 10,000 accounts that are all active on one partition are executed, by how fast as many tasks of
 * eight accounts are, and what the accounts take of a heap of 512 MB.
 */
final class ManyAccounts implements Scenario {

    private static final int FEW = 8;
    private static final int WARM_UPS = 4;

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int many = effort.size(10_000, 1_000);
        int pages = many / FEW;
        try (var stage = WorkerStage.on(lab, "accounts", 1)) {
            var few = stage.accounts(FEW, GmailSync.DOMAIN, Map.of("pages", pages));
            var all = stage.accounts(many, GmailSync.DOMAIN, Map.of("pages", 1));
            var worker = stage.startWorker(1, "-Xmx512m");
            for (int i = 0; i < WARM_UPS; i++) {
                Throughput.syncAll(stage, few, pages);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                double ofFew = tasksPerSecond(stage, few, pages);
                double ofMany = tasksPerSecond(stage, all, 1);
                figures.add("accounts.tasks_per_s." + many, "tasks/s", ofMany);
                figures.add("worker.accounts_10k_rate_ratio", "", ofMany / ofFew);
                figures.add("worker.accounts_10k_heap_mb", "MB", HeapInUse.megabytesOf(worker.handle()));
            }
        }
    }

    private static double tasksPerSecond(WorkerStage stage, List<BenchAccount> accounts, int pages)
            throws InterruptedException {
        Duration taken = Throughput.syncAll(stage, accounts, pages);
        return (double) accounts.size() * pages * (GmailSync.PER_PAGE + 1) / (taken.toNanos() / 1e9);
    }
}
