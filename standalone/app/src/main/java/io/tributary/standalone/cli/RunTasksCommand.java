package io.tributary.standalone.cli;

import io.tributary.standalone.integration.ChosenPlugin;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Executes tasks of an integration with its provider. */
@Command(name = "run", description = "execute tasks of an integration, without Kafka and Postgres")
final class RunTasksCommand implements Callable<Integer> {

    @Mixin
    private final Data data = new Data();

    @Mixin
    private final TaskOptions options;

    private final Terminal terminal;

    RunTasksCommand(Terminal terminal, Inputs inputs) {
        this.terminal = terminal;
        this.options = new TaskOptions(inputs);
    }

    @Override
    public Integer call() throws InterruptedException {
        var dataDir = data.open();
        Logging.to(dataDir);
        var account = options.account();
        Clock clock = options.at().map(at -> Clock.fixed(at, ZoneOffset.UTC)).orElseGet(Clock::systemUTC);
        try (var chosen = ChosenPlugin.of(options.integration(), dataDir)) {
            return new ExecuteTasks(options, terminal, chosen.loaded(), account)
                    .withProvider(clock, UnaryOperator.identity());
        }
    }
}
