package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.LimitedCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How well a limit that all accounts share is held by three workers, and a fourth that comes in between: calls in a
 * minute, as the provider counts them, against {@value LimitedCalls#PER_SECOND} a second.
 */
final class HoldRate implements Scenario {

    private static final int PARTITIONS = 12;
    private static final int ACCOUNTS = 60;
    private static final int CALLS_OF_AN_ACCOUNT = 200;
    private static final int WORKERS = 3;
    private static final int NEWCOMER = WORKERS + 1;
    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        var window = Duration.ofSeconds(effort.size(60, 20));
        try (var provider = new Provider(Integer.MAX_VALUE, Duration.ofDays(1));
                var stage = WorkerStage.on(lab, "rate", PARTITIONS)) {
            var accounts = stage.accounts(
                    ACCOUNTS, LimitedCalls.DOMAIN, Map.of("url", provider.url(), "calls", CALLS_OF_AN_ACCOUNT));
            for (int worker = 1; worker <= WORKERS; worker++) {
                stage.startWorker(worker, "-Xmx256m");
            }
            for (int round = 0; round < effort.rounds(); round++) {
                var runs = accounts.stream()
                        .map(account -> stage.start(account, LimitedCalls.INITIAL_TASK))
                        .toList();
                Instant published = Instant.now();
                stage.until("calls", PATIENCE, () -> callsSince(provider, published) > ACCOUNTS);
                pass(stage, SETTLING);

                Instant begin = Instant.now();
                pass(stage, window.dividedBy(3));
                stage.startWorker(NEWCOMER, "-Xmx256m");
                pass(stage, window.minus(Duration.between(begin, Instant.now())));
                List<Provider.Call> calls = provider.calls(begin, begin.plus(window));
                figures.add("worker.rate_held_error_pct", "%", errorPercent(calls.size(), window));
                figures.add("worker.rate_most_in_a_second", "calls", most(calls, begin, window));

                runs.forEach(stage::cancel);
                for (BenchRun run : runs) {
                    stage.awaitEnd(run, PATIENCE);
                }
                stage.stopWorker(NEWCOMER);
            }
        }
    }

    private static int callsSince(Provider provider, Instant time) {
        return provider.calls(time, Instant.MAX).size();
    }

    private static double errorPercent(int calls, Duration window) {
        double allowed = LimitedCalls.PER_SECOND * (double) window.toSeconds();
        return 100 * Math.abs(calls - allowed) / allowed;
    }

    private static double most(List<Provider.Call> calls, Instant begin, Duration window) {
        var bySecond = new int[(int) window.toSeconds()];
        calls.forEach(call -> bySecond[(int) Duration.between(begin, call.at()).toSeconds()]++);
        return Arrays.stream(bySecond).max().orElse(0);
    }

    private static void pass(WorkerStage stage, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        stage.until("time to pass", PATIENCE, () -> System.nanoTime() - end >= 0);
    }
}
