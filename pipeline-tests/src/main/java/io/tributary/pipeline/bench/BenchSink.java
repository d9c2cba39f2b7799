package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

/** {@code bench sink}: measures the sink alone, with the scheduler and the workers played by the benchmark. */
@Command(name = "sink")
final class BenchSink implements Callable<Integer> {

    @Option(names = "--json")
    private @Nullable Path json;

    @Option(names = "--only", split = ",")
    private List<String> only = new ArrayList<>();

    @Option(names = "--runs", defaultValue = "3")
    private int runs;

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--many", defaultValue = "2000000")
    private int many;

    @Option(names = "--sink-arg")
    private List<String> sinkArguments = new ArrayList<>();

    @Option(names = "--sink-jvm-arg")
    private List<String> sinkJvmArguments = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    BenchSink() {}

    @Override
    public Integer call() throws InterruptedException {
        List<String> flags = flags();
        List<Scenario> chosen = chosen(List.of(new SaveRows(flags), new SavePoison(flags), new SaveMany(many, flags)));
        var report = new Report(Map.of("quick", quick, "sinkArguments", flags));
        try (var lab = Lab.open(Bench.target(), List.of())) {
            for (Scenario scenario : chosen) {
                report.measure(scenario, lab, new Effort(runs, quick));
            }
        }
        return report.finish(json);
    }

    private List<Scenario> chosen(List<Scenario> scenarios) {
        Set<String> unknown = new LinkedHashSet<>(only);
        scenarios.forEach(scenario -> unknown.remove(scenario.name()));
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only takes " + scenarios.stream().map(Scenario::name).toList());
        }
        return scenarios.stream()
                .filter(scenario -> only.isEmpty() || only.contains(scenario.name()))
                .toList();
    }

    /** Settings are system properties of the sink: they win over its environment. */
    private List<String> flags() {
        var flags = new ArrayList<>(sinkJvmArguments);
        sinkArguments.forEach(argument -> flags.add("-D" + argument));
        return flags;
    }
}
