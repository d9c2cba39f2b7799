package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Topics;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.api.ApiFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The three services as processes on the servers of a lab, and the API as a user of them sees it. */
final class WholePipeline implements AutoCloseable {

    private static final int PARTITIONS = 8;
    private static final String HEAP = "-Xmx512m";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Lab lab;
    private final Map<String, ServiceProcess> services = new TreeMap<>();
    private final ApiClient api;

    private WholePipeline(Lab lab) {
        this.lab = lab;
        int port = freePort();
        var start = new Services(lab, new Topics("pipeline"), PARTITIONS);
        services.put("scheduler", start.startScheduler(port, HEAP));
        services.put("worker", start.startWorker("worker", HEAP));
        services.put("sink", start.startSink(HEAP));
        var tokens = new Tokens(lab.keys(), Clock.systemUTC());
        api = new ApiClient("http://127.0.0.1:" + port, tokens.mint("bench", false));
    }

    /** Starts the services; returns when the API knows an integration. */
    static WholePipeline on(Lab lab, String domain) throws InterruptedException {
        var pipeline = lab.own(new WholePipeline(lab));
        pipeline.until("the services", PATIENCE, () -> pipeline.knows(domain));
        return pipeline;
    }

    ApiClient api() {
        return api;
    }

    Cpu cpu() {
        var parts = new TreeMap<String, Collection<ProcessHandle>>();
        services.forEach((name, service) -> parts.put(name, List.of(service.handle())));
        parts.put("broker", List.of(lab.broker()));
        parts.put("postgres", lab.postgres());
        return Cpu.takenBy(parts);
    }

    /** The most memory that each service and the broker had so far, megabytes; empty where the system does not say. */
    Map<String, Double> peakMegabytes() {
        var peaks = new TreeMap<String, Double>();
        services.forEach(
                (name, service) -> PeakMemory.megabytesOf(service.handle()).ifPresent(peak -> peaks.put(name, peak)));
        PeakMemory.megabytesOf(lab.broker()).ifPresent(peak -> peaks.put("broker", peak));
        return peaks;
    }

    /** As {@link Await#until}, with an eye on the services. */
    void until(String what, Duration patience, BooleanSupplier isTrue) throws InterruptedException {
        Await.until(what, patience, () -> {
            services.forEach((name, service) -> {
                if (!service.isAlive()) {
                    throw new IllegalStateException("the " + name + " ended: " + service.log());
                }
            });
            return isTrue.getAsBoolean();
        });
    }

    private boolean knows(String domain) {
        try {
            return api.platforms().contains(domain);
        } catch (ApiFailure e) {
            return false; // It is not up yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    @Override
    public void close() {
        services.values().forEach(ServiceProcess::kill);
        api.close();
    }
}
