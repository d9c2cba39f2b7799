package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.TrickleBacklog;
import io.tributary.schemas.Output;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a worker takes to work again after a kill -9 with 200,000 waiting tasks, of eight accounts on four
 * partitions: from the start of its process to the first task that it completes, and to the first of every account.
 */
final class Restore implements Scenario {

    private static final int PARTITIONS = 4;
    private static final int ACCOUNTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** When the first output of an account was read that was executed after the last start, nanoseconds. */
    private final Map<UUID, Long> firstReadAt = new ConcurrentHashMap<>();

    private volatile long startedMicros;

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int waiting = effort.size(25_000, 5_000);
        try (var stage = WorkerStage.on(lab, "restore", PARTITIONS)) {
            var accounts = stage.accounts(ACCOUNTS, TrickleBacklog.DOMAIN, Map.of("items", waiting));
            stage.startWorker(1, "-Xmx512m");
            stage.output().listen(this::remember);
            growAll(stage, accounts, waiting);
            for (int round = 0; round < effort.rounds(); round++) {
                stage.killWorker(1);
                startedMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
                firstReadAt.clear();
                long begin = System.nanoTime();
                stage.startWorker(1, "-Xmx512m");
                stage.until("a task of every account", PATIENCE, () -> firstReadAt.size() == ACCOUNTS);
                var seconds = Quantiles.of(firstReadAt.values().stream()
                        .map(at -> (at - begin) / 1e9)
                        .toList());
                figures.add("worker.restore_200k_s", "s", seconds.at(0));
                figures.add("worker.restore_200k_s.every_account", "s", seconds.at(1));
            }
        }
    }

    private static void growAll(WorkerStage stage, List<BenchAccount> accounts, int waiting)
            throws InterruptedException {
        var runs = new ArrayList<BenchRun>();
        accounts.forEach(account -> runs.add(stage.start(account, TrickleBacklog.INITIAL_TASK)));
        for (BenchRun run : runs) {
            stage.await(run, "a backlog", PATIENCE, progress -> progress.getSpawned() >= waiting);
        }
    }

    private void remember(Output output, long readNanos) {
        if (Long.parseLong(output.getName()) > startedMicros) {
            firstReadAt.putIfAbsent(output.getUserIntegrationId(), readNanos);
        }
    }
}
