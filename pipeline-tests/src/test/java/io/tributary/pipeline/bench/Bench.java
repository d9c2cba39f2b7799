package io.tributary.pipeline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * Where {@code ./tributary bench} begins on the Java side; measures the whole pipeline. Exit codes: 0 done, 1 a
 * scenario failed, 2 misused.
 */
@Command(
        name = "tributary bench",
        description =
                "Measure the whole pipeline, on a broker, a database and a registry of its own. For a machine that does"
                        + " nothing else.")
public final class Bench extends Benchmark {

    @Option(names = "--integrations", paramLabel = "N", defaultValue = "20", description = "Accounts that are synced.")
    private int integrations;

    @Option(
            names = "--delay-ms",
            paramLabel = "N",
            defaultValue = "0",
            description = "What a task takes, milliseconds.")
    private long delayMillis;

    private Bench() {}

    public static void main(String[] arguments) {
        // Before the first class that logs is loaded: what the clients here say is no part of the report.
        System.setProperty("tributary.log", target().resolve("bench.log").toString());
        var all = new CommandLine(new Bench())
                .addSubcommand(new Worker())
                .addSubcommand(new Sink())
                .addSubcommand(new Scheduler())
                .addSubcommand(new Up());
        describe(all);
        all.getSubcommands().values().forEach(Bench::describe);
        System.exit(all.execute(arguments));
    }

    private static void describe(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build())
                .usageMessage()
                .showDefaultValues(true);
    }

    @Override
    List<Scenario.Named> scenarios() {
        return List.of(named("pipeline", new SyncMailboxes(integrations, Duration.ofMillis(delayMillis))));
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("integrations", integrations, "delayMillis", delayMillis);
    }

    /** Where benchmarks put what they need for their time. */
    static Path target() {
        return Path.of(System.getProperty("tributary.home"), "pipeline-tests", "target");
    }

    /** {@code bench worker}: the benchmark plays the scheduler and the sink. */
    @Command(name = "worker", description = "Measure the worker alone.")
    private static final class Worker extends Benchmark {

        @Option(
                names = "--only",
                paramLabel = "NAME",
                split = ",",
                description = "These scenarios only; a wrong name lists them all.")
        private List<String> only = new ArrayList<>();

        @Option(
                names = "--worker-arg",
                paramLabel = "KEY=VALUE",
                description = "Any setting of the workers, such as tributary.worker.threads=1; several times.")
        private List<String> arguments = new ArrayList<>();

        @Option(
                names = "--worker-jvm-arg",
                paramLabel = "FLAG",
                description = "Any flag of the workers' JVMs; several times.")
        private List<String> jvmArguments = new ArrayList<>();

        @Override
        List<Scenario.Named> scenarios() {
            return List.of(
                    named("throughput-0ms", new Throughput(Duration.ZERO, 250)),
                    named("throughput-20ms", new Throughput(Duration.ofMillis(20), 200)),
                    named("hop", new Hop()),
                    named("neighbour", new NoisyNeighbour()),
                    named("cancel", new CancelBacklog()),
                    named("restore", new Restore()),
                    named("pending", new PendingMillion()),
                    named("accounts", new ManyAccounts()),
                    named("rebalance", new Rebalance()),
                    named("rate", new HoldRate()),
                    named("quota", new UseQuota()),
                    named("metrics", new MetricsCost()));
        }

        @Override
        List<String> only() {
            return only;
        }

        @Override
        Map<String, Object> settings() {
            return Map.of("workerArguments", workerFlags());
        }

        @Override
        List<String> workerFlags() {
            return flags(jvmArguments, arguments);
        }
    }

    /** {@code bench sink}: the benchmark plays the scheduler and the workers. */
    @Command(name = "sink", description = "Measure the sink alone.")
    private static final class Sink extends Benchmark {

        @Option(
                names = "--only",
                paramLabel = "NAME",
                split = ",",
                description = "These scenarios only: rows, poison, many.")
        private List<String> only = new ArrayList<>();

        @Option(
                names = "--many",
                paramLabel = "N",
                defaultValue = "2000000",
                description = "Rows of the scenario many, which measures memory; 2 GB on disk a million.")
        private int many;

        @Option(
                names = "--sink-arg",
                paramLabel = "KEY=VALUE",
                description = "Any setting of the sink, such as tributary.sink.threads=4; several times.")
        private List<String> arguments = new ArrayList<>();

        @Option(
                names = "--sink-jvm-arg",
                paramLabel = "FLAG",
                description = "Any flag of the sink's JVM, which has -Xmx256m otherwise; several times.")
        private List<String> jvmArguments = new ArrayList<>();

        @Override
        List<Scenario.Named> scenarios() {
            return List.of(
                    named("rows", new SaveRows(flags())),
                    named("poison", new SavePoison(flags())),
                    named("many", new SaveMany(many, flags())));
        }

        @Override
        List<String> only() {
            return only;
        }

        @Override
        Map<String, Object> settings() {
            return Map.of("sinkArguments", flags());
        }

        private List<String> flags() {
            return flags(jvmArguments, arguments);
        }
    }

    /** {@code bench up}: what the embedded default costs. */
    @Command(
            name = "up",
            description =
                    "Measure the CPU time that ./tributary up takes until it is ready, and while nothing happens.")
    private static final class Up extends Benchmark {

        @Override
        List<Scenario.Named> scenarios() {
            return List.of(named("up", new RunStandalone()));
        }
    }

    /** {@code bench scheduler}: the benchmark plays the workers and the sink. */
    @Command(
            name = "scheduler",
            description = "Measure three replicas of the scheduler, one of which is killed each minute.")
    private static final class Scheduler extends Benchmark {

        @Override
        List<Scenario.Named> scenarios() {
            return List.of(named("scheduler", new KeepSchedules()));
        }

        @Override
        int usualRuns() {
            return 1;
        }
    }
}
