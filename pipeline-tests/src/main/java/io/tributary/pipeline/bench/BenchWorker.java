package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench worker}: measures the worker alone, with the scheduler and the sink played by the benchmark. */
@Command(name = "worker")
final class BenchWorker implements Callable<Integer> {

    private static final List<Scenario> SCENARIOS = List.of(
            new Throughput(Duration.ZERO, 250),
            new Throughput(Duration.ofMillis(20), 200),
            new Hop(),
            new NoisyNeighbour(),
            new CancelBacklog(),
            new Restore(),
            new PendingMillion(),
            new ManyAccounts(),
            new Rebalance(),
            new HoldRate(),
            new UseQuota());

    @Option(names = "--json")
    private @Nullable Path json;

    @Option(names = "--only", split = ",")
    private List<String> only = new ArrayList<>();

    @Option(names = "--runs", defaultValue = "3")
    private int runs;

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--worker-arg")
    private List<String> workerArguments = new ArrayList<>();

    @Option(names = "--worker-jvm-arg")
    private List<String> workerJvmArguments = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    BenchWorker() {}

    @Override
    public Integer call() throws InterruptedException {
        List<Scenario> chosen = chosen();
        var report = new Report(Map.of("quick", quick, "workerArguments", flags()));
        try (var lab = Lab.open(Bench.target(), flags())) {
            for (Scenario scenario : chosen) {
                report.measure(scenario, lab, new Effort(runs, quick));
            }
        }
        return report.finish(json);
    }

    private List<Scenario> chosen() {
        Set<String> wanted = Set.copyOf(only);
        var chosen = SCENARIOS.stream()
                .filter(scenario -> wanted.isEmpty() || wanted.contains(scenario.name()))
                .toList();
        if (!wanted.isEmpty() && chosen.size() != wanted.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only takes " + SCENARIOS.stream().map(Scenario::name).toList());
        }
        return chosen;
    }

    /** Settings are system properties of the worker: they win over its environment. */
    private List<String> flags() {
        var flags = new ArrayList<>(workerJvmArguments);
        workerArguments.forEach(argument -> flags.add("-D" + argument));
        return flags;
    }
}
