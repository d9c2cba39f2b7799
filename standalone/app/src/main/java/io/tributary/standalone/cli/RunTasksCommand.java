package io.tributary.standalone.cli;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;

/** Executes tasks of an integration with its provider. */
@Command(
        name = "run",
        description = "Execute tasks of an integration and show their results, without Kafka and Postgres.",
        footer = "%nExample: ./tributary integration run hello-world --all --config count=3")
final class RunTasksCommand extends TasksCommand {

    RunTasksCommand(Terminal terminal, Inputs inputs) {
        super(terminal, inputs);
    }

    @Override
    void prepare() {
        // Everything that it needs are its options.
    }

    @Override
    int execute(Execution execution) throws InterruptedException {
        Clock clock = options.at().map(at -> Clock.fixed(at, ZoneOffset.UTC)).orElseGet(Clock::systemUTC);
        return execution.withProvider(clock, UnaryOperator.identity());
    }
}
