package io.tributary.standalone.cli;

import io.tributary.integrations.http.Transport;
import io.tributary.integrations.testkit.recording.Redaction;
import io.tributary.standalone.integration.FollowTasks;
import io.tributary.standalone.integration.LocalAccount;
import io.tributary.standalone.integration.MeasureExchanges;
import io.tributary.standalone.integration.Outside;
import io.tributary.worker.plugins.Plugin;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** Executes the tasks that were asked for, and shows each as it ends. */
final class ExecuteTasks {

    private final TaskOptions options;
    private final Terminal terminal;
    private final Plugin plugin;
    private final LocalAccount account;
    private final Redaction redaction;

    private interface World {
        Outside seenBy(UnaryOperator<Transport> observer);
    }

    /** @param account the one to execute them for; its credentials are not shown */
    ExecuteTasks(TaskOptions options, Terminal terminal, Plugin plugin, LocalAccount account) {
        this.options = options;
        this.terminal = terminal;
        this.plugin = plugin;
        this.account = account;
        this.redaction = Redaction.of(account.credentials());
    }

    Redaction redaction() {
        return redaction;
    }

    /**
     * With the provider; the result is the exit code, 0 when every task ended well.
     *
     * @param observe puts itself before the provider, to see what is exchanged
     */
    int withProvider(Clock clock, UnaryOperator<Transport> observe) throws InterruptedException {
        return execute(clock, observer -> Outside.provider(domain(), it -> observer.apply(observe.apply(it))));
    }

    /** With what answers in the place of the provider. */
    int withRecorded(Clock clock, Transport instead) throws InterruptedException {
        return execute(clock, observer -> Outside.only(domain(), observer.apply(instead)));
    }

    private String domain() {
        return plugin.manifest().domain();
    }

    private int execute(Clock clock, World world) throws InterruptedException {
        var first = options.first(plugin);
        var run = options.run(clock);
        TaskOptions.requireConfig(plugin, account);
        var exchanges = new MeasureExchanges(redaction, System::nanoTime);
        try (var outside = world.seenBy(exchanges::before)) {
            ShowTasks show = options.json()
                    ? new ShowTasksAsJson(terminal, redaction)
                    : new ShowTasksAsText(terminal, redaction);
            var sum =
                    new FollowTasks(plugin, account, outside, run).from(first, end -> show.task(end, exchanges.take()));
            show.sum(sum);
            return sum.failed() == 0 ? 0 : 1;
        }
    }
}
