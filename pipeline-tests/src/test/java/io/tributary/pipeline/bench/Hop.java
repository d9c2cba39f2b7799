package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.Chain;
import io.tributary.schemas.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a follow-up task takes to be executed after the one that returns it: four chains of tasks, one on each
 * partition, and nothing else to do.
 */
final class Hop implements Scenario {

    private static final int CHAINS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** When the hops of each chain were executed, microseconds since the epoch; a chain's come in order. */
    private final Map<UUID, List<Long>> executedAt = new ConcurrentHashMap<>();

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int hops = effort.size(1_000, 200);
        try (var stage = WorkerStage.on(lab, "hop", CHAINS)) {
            var chains = stage.accounts(CHAINS, Chain.DOMAIN, Map.of("hops", hops));
            stage.startWorker(1, "-Xmx512m");
            stage.output().listen((output, readNanos) -> remember(output));
            runAll(stage, chains); // warms up
            for (int round = 0; round < effort.rounds(); round++) {
                var latencies = Quantiles.of(runAll(stage, chains));
                figures.add("worker.hop_p50_ms", "ms", latencies.at(0.5));
                figures.add("worker.hop_p99_ms", "ms", latencies.at(0.99));
            }
        }
    }

    private List<Double> runAll(WorkerStage stage, List<BenchAccount> chains) throws InterruptedException {
        executedAt.clear();
        for (BenchRun run : chains.stream()
                .map(chain -> stage.start(chain, Chain.INITIAL_TASK))
                .toList()) {
            stage.awaitSuccess(run, PATIENCE);
        }
        var latencies = new ArrayList<Double>();
        for (List<Long> times : executedAt.values()) {
            for (int i = 1; i < times.size(); i++) {
                latencies.add((times.get(i) - times.get(i - 1)) / 1_000.0);
            }
        }
        return latencies;
    }

    private void remember(Output output) {
        executedAt
                .computeIfAbsent(output.getRunId(), unused -> new ArrayList<>())
                .add(Long.valueOf(output.getName()));
    }
}
