package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Where {@code ./tributary bench} begins on the Java side; measures the whole pipeline. Exit codes: 0 done, 1 a scenario
 * failed, 2 misused.
 */
@Command(name = "bench")
public final class Bench implements Callable<Integer> {

    @Option(names = "--integrations", defaultValue = "20")
    private int integrations;

    @Option(names = "--delay-ms", defaultValue = "0")
    private long delayMillis;

    @Option(names = "--json")
    private @Nullable Path json;

    @Option(names = "--runs", defaultValue = "3")
    private int runs;

    @Option(names = "--quick")
    private boolean quick;

    private Bench() {}

    public static void main(String[] arguments) {
        // Before the first class that logs is loaded: what the clients here say is no part of the report.
        System.setProperty("tributary.log", target().resolve("bench.log").toString());
        System.exit(new CommandLine(new Bench())
                .addSubcommand(new BenchWorker())
                .addSubcommand(new BenchSink())
                .addSubcommand(new BenchScheduler())
                .execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var report = new Report(Map.of("quick", quick, "integrations", integrations, "delayMillis", delayMillis));
        try (var lab = Lab.open(target(), List.of())) {
            report.measure(
                    new SyncMailboxes(integrations, Duration.ofMillis(delayMillis)), lab, new Effort(runs, quick));
        }
        return report.finish(json);
    }

    /** Where benchmarks put what they need for their time. */
    static Path target() {
        return Path.of(System.getProperty("tributary.home"), "pipeline-tests", "target");
    }
}
