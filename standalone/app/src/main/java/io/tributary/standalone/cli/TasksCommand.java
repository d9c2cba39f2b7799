package io.tributary.standalone.cli;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.http.Transport;
import io.tributary.integrations.workbench.InMemoryEngine;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.Network;
import io.tributary.integrations.workbench.recording.Redaction;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.integration.ChosenPlugin;
import io.tributary.standalone.integration.ExecuteOnce;
import io.tributary.standalone.integration.MeasureExchanges;
import io.tributary.worker.plugins.Plugin;
import java.time.Clock;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;

/** Executes tasks of an integration without Kafka and Postgres, and shows each as it ends. */
abstract class TasksCommand extends DataCommand {

    @Mixin
    final TaskOptions options;

    private interface World {
        Network seenBy(UnaryOperator<Transport> observer);
    }

    TasksCommand(Terminal terminal, Inputs inputs) {
        super(terminal);
        this.options = new TaskOptions(inputs);
    }

    @Override
    final int run(DataDir dataDir) throws InterruptedException {
        prepare();
        var account = account(options.account());
        try (var chosen = ChosenPlugin.of(options.integration(), dataDir)) {
            return execute(new Execution(chosen.loaded(), account, Redaction.of(account.credentials())));
        }
    }

    /** Checks and reads what the command needs before the integration is loaded. */
    abstract void prepare();

    /** The account to execute the tasks for, from the one that the options describe. */
    LocalAccount account(LocalAccount given) {
        return given;
    }

    abstract int execute(Execution execution) throws InterruptedException;

    /**
     * What is executed, and for whom.
     *
     * @param redaction of the account's credentials, which are not shown
     */
    final class Execution {

        final Plugin plugin;
        final LocalAccount account;
        final Redaction redaction;

        private Execution(Plugin plugin, LocalAccount account, Redaction redaction) {
            this.plugin = plugin;
            this.account = account;
            this.redaction = redaction;
        }

        String domain() {
            return plugin.manifest().domain();
        }

        /**
         * With the provider; the result is the exit code, 0 when every task ended well.
         *
         * @param observe puts itself before the provider, to see what is exchanged
         */
        int withProvider(Clock clock, UnaryOperator<Transport> observe) throws InterruptedException {
            return in(clock, observer -> Network.provider(domain(), it -> observer.apply(observe.apply(it))));
        }

        /** With what answers in the place of the provider. */
        int withRecorded(Clock clock, Transport instead) throws InterruptedException {
            return in(clock, observer -> Network.only(domain(), observer.apply(instead)));
        }

        private int in(Clock clock, World world) throws InterruptedException {
            var first = options.first(plugin);
            JsonObject state = options.state();
            int maxTasks = options.maxTasks();
            var run = options.options();
            TaskOptions.requireConfig(plugin, account);
            var exchanges = new MeasureExchanges(redaction, System::nanoTime);
            try (var network = world.seenBy(exchanges::before)) {
                var context = LocalContext.of(account, network)
                        .withDefaultsOf(plugin.manifest())
                        .withOptions(run)
                        .withClock(clock);
                var engine = new InMemoryEngine(plugin.manifest(), new ExecuteOnce(plugin, context), state, maxTasks);
                ShowTasks show = options.json()
                        ? new ShowTasksAsJson(terminal, redaction)
                        : new ShowTasksAsText(terminal, redaction);
                var sum = engine.run(first, end -> show.task(end, exchanges.take()));
                show.sum(sum);
                return sum.failed() == 0 ? 0 : 1;
            }
        }
    }
}
