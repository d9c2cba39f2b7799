package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.MeteredCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How much of a provider's quota is used, and how many calls it refuses: {@value #ALLOWED} calls in five seconds for
 * eight accounts together, which always have more to do. From the second window on: in the first one the worker cannot
 * know.
 */
final class UseQuota implements Scenario {

    private static final int PARTITIONS = 4;
    private static final int ACCOUNTS = 8;
    private static final int ALLOWED = 300;
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int windows = effort.size(12, 4);
        try (var provider = new Provider(ALLOWED, WINDOW);
                var stage = WorkerStage.on(lab, "quota", PARTITIONS)) {
            int calls = 2 * effort.rounds() * windows * ALLOWED / ACCOUNTS;
            var accounts = stage.accounts(ACCOUNTS, MeteredCalls.DOMAIN, Map.of("url", provider.url(), "calls", calls));
            stage.startWorker(1, "-Xmx512m");
            accounts.forEach(account -> stage.start(account, MeteredCalls.INITIAL_TASK));
            Instant published = Instant.now();
            stage.until(
                    "the first window",
                    PATIENCE,
                    () -> provider.calls(published, Instant.MAX).size() >= ALLOWED);
            Instant begin = provider.windowAfter(Instant.now());
            for (int round = 0; round < effort.rounds(); round++) {
                Instant end = begin.plus(WINDOW.multipliedBy(windows));
                stage.until(
                        "the end of the windows", PATIENCE, () -> Instant.now().isAfter(end));
                add(provider.calls(begin, end), windows, figures);
                begin = end;
            }
        }
    }

    private static void add(List<Provider.Call> calls, int windows, Figures figures) {
        long refused = calls.stream().filter(Provider.Call::refused).count();
        double taken = calls.size() - refused;
        figures.add("worker.quota_used_pct", "%", 100 * taken / (windows * (double) ALLOWED));
        figures.add("worker.quota_429_pct", "%", 100.0 * refused / calls.size());
    }
}
