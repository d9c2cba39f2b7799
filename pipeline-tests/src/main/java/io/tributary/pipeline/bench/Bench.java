package io.tributary.pipeline.bench;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where {@code ./tributary bench} begins on the Java side. Exit codes: 0 done, 1 a scenario failed, 2 misused. */
@Command(name = "bench", synopsisSubcommandLabel = "worker")
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) {
        // Before the first class that logs is loaded: what the clients here say is no part of the report.
        System.setProperty(
                "tributary.log",
                Path.of(System.getProperty("tributary.home"), "pipeline-tests", "target", "bench.log")
                        .toString());
        System.exit(
                new CommandLine(new Bench()).addSubcommand(new BenchWorker()).execute(arguments));
    }
}
