package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Topics;
import io.tributary.standalone.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Schedulers on the servers of a lab, as configured by default. */
final class Replicas implements AutoCloseable {

    private static final int PARTITIONS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Map<String, String> SETTINGS =
            Map.of("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "health,metrics");

    /**
     * A scheduler waits for the database most of the time: the second compiler would take more time of a processor than
     * all that it compiles.
     */
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** How long a JVM may take to write its ahead-of-time cache. */
    private static final Duration WRITE_CACHE = Duration.ofMinutes(2);

    private final Lab lab;
    private final Topics topics;
    private final Services services;
    private final String token;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Replica> replicas = new ArrayList<>();
    private final String[] flags;

    private record Replica(String name, int port, ServiceProcess process) {}

    /** Cycles that found nothing to do: how many of them there were, and what they took together. */
    record IdleCycles(double count, double seconds) {

        IdleCycles since(IdleCycles earlier) {
            return new IdleCycles(count - earlier.count, seconds - earlier.seconds);
        }

        double meanMillis() {
            if (count < 1) {
                throw new IllegalStateException("no cycle was idle");
            }
            return seconds / count * 1_000;
        }
    }

    private Replicas(Lab lab, Topics topics, String... more) {
        this.lab = lab;
        this.topics = topics;
        this.services = new Services(lab, topics, PARTITIONS);
        this.flags = Stream.concat(FLAGS.stream(), Stream.of(more)).toArray(String[]::new);
        this.token = new Tokens(lab.keys(), Clock.systemUTC()).mint("bench", true);
    }

    /**
     * Makes topics and starts them; they are not ready yet.
     *
     * @param name prefix of the topics
     * @param flags of their JVMs, beside the usual ones
     */
    static Replicas on(Lab lab, String name, int count, String... flags) {
        var replicas = lab.own(new Replicas(lab, new Topics(name), flags));
        try (var admin = Admin.create(Map.of("bootstrap.servers", lab.bootstrapServers()))) {
            replicas.topics.createMissing(admin, PARTITIONS, (short) 1);
        }
        for (int i = 0; i < count; i++) {
            replicas.start("scheduler-" + i, WholePipeline.freePort());
        }
        return replicas;
    }

    Topics topics() {
        return topics;
    }

    private void start(String name, int port) {
        replicas.add(new Replica(name, port, services.startScheduler(name, port, SETTINGS, flags)));
    }

    /** Returns when all of them are ready. */
    void awaitReady() throws InterruptedException {
        Await.until(
                "the schedulers to be ready", PATIENCE, () -> replicas.stream().allMatch(this::isReady));
    }

    private boolean isReady(Replica replica) {
        if (!replica.process().isAlive()) {
            throw new IllegalStateException(
                    "a scheduler ended: " + replica.process().log());
        }
        try {
            var request = HttpRequest.newBuilder(uri(replica, "/actuator/health/readiness"))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // It is not up yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks all of them to stop by signal 15, and waits for the ahead-of-time caches that they were told to write. */
    void stop() {
        replicas.forEach(replica -> replica.process().stop(WRITE_CACHE));
    }

    /** Ends a replica by signal 9 and starts it anew. */
    void killAndStartAgain(int number) {
        replicas.get(number).process().kill();
        startAgain(number);
    }

    /**
     * Asks a replica to stop by signal 15 and starts it anew.
     *
     * @throws IllegalStateException it did not stop within half a minute
     */
    void stopAndStartAgain(int number) {
        replicas.get(number).process().close();
        startAgain(number);
    }

    private void startAgain(int number) {
        Replica replica = replicas.get(number);
        replicas.set(
                number,
                new Replica(
                        replica.name(),
                        replica.port(),
                        services.startScheduler(replica.name(), replica.port(), SETTINGS, flags)));
    }

    /** Of all replicas since each of them started. */
    IdleCycles idleCycles() throws InterruptedException {
        double count = 0;
        double seconds = 0;
        for (Replica replica : replicas) {
            for (JsonNode measurement : idleTimer(replica).required("measurements")) {
                double value = measurement.required("value").asDouble();
                switch (measurement.required("statistic").asString()) {
                    case "COUNT" -> count += value;
                    case "TOTAL_TIME" -> seconds += value;
                    default -> {}
                }
            }
        }
        return new IdleCycles(count, seconds);
    }

    private JsonNode idleTimer(Replica replica) throws InterruptedException {
        var request = HttpRequest.newBuilder(
                        uri(replica, "/actuator/metrics/tributary.polling.cycle?tag=found:nothing"))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            return JsonMapper.shared()
                    .readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new IllegalStateException("a scheduler does not tell its metrics", e);
        }
    }

    private static URI uri(Replica replica, String path) {
        return URI.create("http://127.0.0.1:" + replica.port() + path);
    }

    @Override
    public void close() {
        replicas.forEach(replica -> replica.process().kill());
        replicas.clear();
        http.close();
        DeleteTopics.startingWith(topics.prefix(), lab.bootstrapServers());
    }
}
