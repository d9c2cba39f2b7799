package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The CPU time that a task costs a worker with its metrics, by what it costs a worker whose meters are all disabled;
 * and how soon the first one answers to a readiness probe, in a round of its own, while all its threads are busy. The
 * two workers have topics of their own and take turns, so that both see the same machine.
 */
final class MetricsCost implements Scenario {

    private static final int PARTITIONS = 4;
    private static final int MAILBOXES = 8;
    private static final int WARM_UPS = 10;
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);

    private static final Duration BETWEEN_SCRAPES = Duration.ofSeconds(4);

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int pages = effort.size(250, 50);
        int port = freePort();
        try (var metered = WorkerStage.on(lab, "metered", PARTITIONS);
                var bare = WorkerStage.on(lab, "bare", PARTITIONS);
                var http = HttpClient.newHttpClient()) {
            var config = Map.<String, Object>of("pages", pages, "delayMillis", 0);
            var ofMetered = metered.accounts(MAILBOXES, GmailSync.DOMAIN, config);
            var ofBare = bare.accounts(MAILBOXES, GmailSync.DOMAIN, config);
            metered.startWorker(1, "-Xmx512m", "-Dmanagement.server.port=" + port);
            bare.startWorker(1, "-Xmx512m", "-Dmanagement.metrics.enable.all=false");
            for (int i = 0; i < WARM_UPS; i++) {
                Throughput.syncAll(metered, ofMetered, pages);
                Throughput.syncAll(bare, ofBare, pages);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                boolean meteredFirst = round % 2 == 0;
                double first = meteredFirst ? cost(metered, ofMetered, pages) : cost(bare, ofBare, pages);
                double second = meteredFirst ? cost(bare, ofBare, pages) : cost(metered, ofMetered, pages);
                double with = meteredFirst ? first : second;
                double without = meteredFirst ? second : first;
                figures.add("worker.cpu_us_per_task.metrics", "us", with);
                figures.add("worker.cpu_us_per_task.no_metrics", "us", without);
                figures.add("worker.metrics_cpu_ratio", "", with / without);

                List<Double> probes = new ArrayList<>();
                List<Double> scrapes = new ArrayList<>();
                try (var scraped = asking(http, port, "prometheus", BETWEEN_SCRAPES, scrapes);
                        var probed = asking(http, port, "health/readiness", BETWEEN_PROBES, probes)) {
                    Throughput.syncAll(metered, ofMetered, pages);
                }
                figures.add(
                        "worker.readiness_ms.median", "ms", Quantiles.of(probes).at(0.5));
                figures.add(
                        "worker.readiness_ms.p99", "ms", Quantiles.of(probes).at(0.99));
            }
        }
    }

    private static double cost(WorkerStage stage, List<BenchAccount> mailboxes, int pages) throws InterruptedException {
        var before = stage.cpu();
        Throughput.syncAll(stage, mailboxes, pages);
        long tasks = (long) MAILBOXES * pages * (GmailSync.PER_PAGE + 1);
        return stage.cpu().since(before).microsPer(tasks, "worker");
    }

    /** Asks until it is closed. */
    private static Asking asking(HttpClient http, int port, String path, Duration every, List<Double> millis) {
        var over = new AtomicBoolean();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                .build();
        var thread = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                try {
                    long begin = System.nanoTime();
                    var answer = http.send(request, BodyHandlers.ofString());
                    if (answer.statusCode() != 200) {
                        throw new IllegalStateException(path + " answered " + answer.statusCode());
                    }
                    millis.add((System.nanoTime() - begin) / 1e6);
                    Thread.sleep(every);
                } catch (IOException e) {
                    throw new IllegalStateException(path + " does not answer", e);
                } catch (InterruptedException e) {
                    return; // it is closed
                }
            }
        });
        return () -> {
            over.set(true);
            thread.interrupt();
            thread.join();
        };
    }

    private interface Asking extends AutoCloseable {
        @Override
        void close() throws InterruptedException;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        }
    }
}
