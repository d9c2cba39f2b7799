package io.tributary.pipeline.bench;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;
import io.tributary.standalone.Tokens;
import io.tributary.standalone.api.Account;
import io.tributary.standalone.api.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What {@code ./tributary up} costs: CPU time until it is ready, first on an empty data folder and then on what is
 * there, and while nothing happens, before and after a first sync. It uses ahead-of-time caches where they are.
 */
final class RunStandalone implements Scenario {

    private static final String USER = "bench";
    private static final String INTEGRATION = "hello-world";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** What starts fast and then calms down: the compiler, the first cycles. */
    private static final int CALM_SECONDS = 15;

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        run("completion").awaitEnd(); // builds what has changed
        for (int round = 0; round < effort.rounds(); round++) {
            DataDir data = DataDir.at(lab.folder().resolve("up-" + round));
            try (var first = startOn(data)) {
                first.addStart("empty", figures);
            }
            try (var second = startOn(data)) {
                second.addStart("again", figures);
                second.addIdle("start", effort, figures);
                second.sync();
                second.addIdle("sync", effort, figures);
            }
        }
    }

    private static Running run(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("tributary.home"), "tributary").toString());
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Bench.target().resolve("up.log").toFile());
        builder.environment().put("TRIBUTARY_AOT", "off");
        try {
            return new Running(builder.start(), DataDir.at(Bench.target().resolve("no-data")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    private static Running startOn(DataDir data) throws InterruptedException {
        var process = run(
                "up",
                "--data-dir=" + data.path(),
                "--port=0",
                "--kafka-port=0",
                "--postgres-port=0",
                "--registry-port=0");
        var running = new Running(process.process(), data);
        Await.until("./tributary up", PATIENCE, LOOK_EVERY, running::isReady);
        return running;
    }

    /** A command that runs; the script becomes the JVM. */
    private record Running(Process process, DataDir data) implements AutoCloseable {

        boolean isReady() {
            if (!process.isAlive()) {
                throw new IllegalStateException("./tributary ended: see up.log in " + Bench.target());
            }
            return Endpoints.ofRunning(data).isPresent();
        }

        void awaitEnd() throws InterruptedException {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("./tributary failed: see up.log in " + Bench.target());
            }
        }

        void addStart(String folder, Figures figures) {
            cpu().byPart()
                    .forEach((part, time) -> figures.add("up.start_cpu." + folder + "." + part, "s", seconds(time)));
        }

        void addIdle(String after, Effort effort, Figures figures) throws InterruptedException {
            TimeUnit.SECONDS.sleep(effort.size(CALM_SECONDS, 1));
            int seconds = effort.size(60, 3);
            Cpu before = cpu();
            TimeUnit.SECONDS.sleep(seconds);
            cpu().since(before)
                    .byPart()
                    .forEach((part, time) -> figures.add(
                            "up.idle_cpu.after_" + after + "." + part, "% of a core", 100 * seconds(time) / seconds));
        }

        private static double seconds(Duration time) {
            return time.toNanos() / 1e9;
        }

        private Cpu cpu() {
            var parts = new TreeMap<String, Collection<ProcessHandle>>();
            parts.put("jvm", List.of(process.toHandle()));
            parts.put("registry", process.descendants().toList());
            parts.put("postgres", postgres());
            return Cpu.takenBy(parts);
        }

        private List<ProcessHandle> postgres() {
            try {
                Path pid = data.postgres().resolve("data").resolve("postmaster.pid");
                long postmaster =
                        Long.parseLong(Files.readAllLines(pid).getFirst().strip());
                return ProcessHandle.of(postmaster).map(Cpu::withChildren).orElse(List.of());
            } catch (IOException e) {
                throw new UncheckedIOException("Postgres does not run", e);
            }
        }

        void sync() throws InterruptedException {
            Endpoints endpoints = Endpoints.ofRunning(data).orElseThrow();
            String token = new Tokens(data, Clock.systemUTC()).mint(USER, false);
            try (var api = new ApiClient(endpoints.api(), token)) {
                while (!api.platforms().contains(INTEGRATION)) {
                    Thread.sleep(LOOK_EVERY);
                }
                String run = api.trigger(
                        api.connect(new Account(USER, INTEGRATION, "bench", Map.of("count", 100), Map.of(), 525_600)));
                while (api.run(run).isLive()) {
                    Thread.sleep(LOOK_EVERY);
                }
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
