package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench scheduler}: measures schedulers alone, with the workers and the sink played by the benchmark. */
@Command(name = "scheduler")
final class BenchScheduler implements Callable<Integer> {

    @Option(names = "--json")
    private @Nullable Path json;

    @Option(names = "--runs", defaultValue = "1")
    private int runs;

    @Option(names = "--quick")
    private boolean quick;

    BenchScheduler() {}

    @Override
    public Integer call() throws InterruptedException {
        var report = new Report(Map.of("quick", quick));
        try (var lab = Lab.open(Bench.target(), List.of())) {
            report.measure(new KeepSchedules(), lab, new Effort(runs, quick));
        }
        return report.finish(json);
    }
}
