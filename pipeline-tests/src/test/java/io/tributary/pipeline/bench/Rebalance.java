package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.Chain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long accounts stand still when one of three workers is restarted, killed and started again, when a fourth comes,
 * and when it goes. Sixty accounts execute a task about every 30 ms; of each counts the longest pause between two of
 * its tasks around the event, as a reader of committed outputs sees it.
 */
final class Rebalance implements Scenario {

    private static final int PARTITIONS = 12;
    private static final int ACCOUNTS = 60;
    private static final int WORKERS = 3;
    private static final int NEWCOMER = WORKERS + 1;
    private static final int TASK_MILLIS = 20;
    private static final int ENDLESS = 1_000_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Something that happens to workers. */
    private interface Event {
        void happen(WorkerStage stage);
    }

    private record Named(String name, Event event) {}

    private static final List<Named> EVENTS = List.of(
            new Named("restart", stage -> {
                stage.stopWorker(1);
                start(stage, 1);
            }),
            new Named("kill", stage -> {
                stage.killWorker(2);
                start(stage, 2);
            }),
            new Named("add", stage -> start(stage, NEWCOMER)),
            new Named("remove", stage -> stage.stopWorker(NEWCOMER)));

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        var window = Duration.ofSeconds(effort.size(25, 15));
        try (var stage = WorkerStage.on(lab, "rebalance", PARTITIONS)) {
            var accounts = stage.accounts(ACCOUNTS, Chain.DOMAIN, Map.of("hops", ENDLESS, "delayMillis", TASK_MILLIS));
            for (int worker = 1; worker <= WORKERS; worker++) {
                start(stage, worker);
            }
            var pauses = new AccountPauses();
            stage.output().listen(pauses);
            accounts.forEach(account -> stage.start(account, Chain.INITIAL_TASK));
            settle(stage, pauses, window);
            for (int round = 0; round < effort.rounds(); round++) {
                measureRound(stage, pauses, window, figures);
            }
        }
    }

    private static void measureRound(WorkerStage stage, AccountPauses pauses, Duration window, Figures figures)
            throws InterruptedException {
        var all = new ArrayList<Double>();
        for (Named each : EVENTS) {
            pauses.begin();
            each.event().happen(stage);
            settle(stage, pauses, window);
            List<Double> longest = pauses.longestMillis();
            add(figures, longest, "." + each.name());
            all.addAll(longest);
        }
        add(figures, all, "");
        if (pauses.doubled() > 0) {
            throw new IllegalStateException(pauses.doubled() + " tasks were completed twice");
        }
    }

    private static void add(Figures figures, List<Double> pauses, String suffix) {
        figures.add(
                "worker.rebalance_pause_p50_ms" + suffix,
                "ms",
                Quantiles.of(pauses).at(0.5));
        figures.add(
                "worker.rebalance_pause_p99_ms" + suffix,
                "ms",
                Quantiles.of(pauses).at(0.99));
    }

    /** Lets the event take its course: a rebalance comes some seconds after its cause. */
    private static void settle(WorkerStage stage, AccountPauses pauses, Duration window) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(window.toNanos());
        long lately = Duration.ofSeconds(1).toNanos();
        stage.until("work of every account", PATIENCE, () -> pauses.awake(lately) == ACCOUNTS);
    }

    private static void start(WorkerStage stage, int worker) {
        stage.startWorker(worker, "-Xmx256m");
    }
}
