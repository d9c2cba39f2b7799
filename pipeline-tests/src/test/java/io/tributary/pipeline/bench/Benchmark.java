package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that measures scenarios, and what all of them have: how often, how large, where the figures go. */
abstract class Benchmark implements Callable<Integer> {

    @Option(names = "--runs", paramLabel = "N", description = "Measured rounds. Default: 3; of the scheduler 1.")
    private @Nullable Integer runs;

    @Option(names = "--quick", description = "Small sizes: shows that everything works, not how fast.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to that file too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    Benchmark() {}

    /** All scenarios that there are. */
    abstract List<Scenario.Named> scenarios();

    static Scenario.Named named(String name, Scenario scenario) {
        return new Scenario.Named(name, scenario);
    }

    /** The names of the wanted ones; empty: all. */
    List<String> only() {
        return List.of();
    }

    /** What the figures depend on, beside the machine. */
    Map<String, Object> settings() {
        return Map.of();
    }

    /** Flags of the JVMs of all workers. */
    List<String> workerFlags() {
        return List.of();
    }

    int usualRuns() {
        return 3;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Scenario.Named> chosen = chosen(scenarios());
        var facts = new LinkedHashMap<String, Object>(Map.of("quick", quick));
        facts.putAll(settings());
        var report = new Report(facts);
        var effort = new Effort(runs == null ? usualRuns() : runs, quick);
        try (var lab = Lab.open(Bench.target(), workerFlags())) {
            for (Scenario.Named each : chosen) {
                report.measure(each, lab, effort);
            }
        }
        return report.finish(json);
    }

    private List<Scenario.Named> chosen(List<Scenario.Named> all) {
        List<String> names = all.stream().map(Scenario.Named::name).toList();
        Set<String> unknown = new LinkedHashSet<>(only());
        names.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--only takes " + names);
        }
        return all.stream()
                .filter(each -> only().isEmpty() || only().contains(each.name()))
                .toList();
    }

    /** Settings as flags of a service's JVM: system properties win over its environment. */
    static List<String> flags(List<String> jvmArguments, List<String> settings) {
        return Stream.concat(jvmArguments.stream(), settings.stream().map(setting -> "-D" + setting))
                .toList();
    }
}
