package io.tributary.integrations.testkit;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskContext;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;

/**
 * A user integration that lives in memory: it keeps its sync state from run to run, as Postgres would.
 *
 * <pre>{@code
 * var account = ConnectedAccount.of(new HelloWorldIntegration()).config("count", 3);
 * assertThat(account.sync().outputs()).hasSize(3);
 * assertThat(account.sync().outputs()).isEmpty();
 * }</pre>
 *
 * <p>For one thread.
 */
public final class ConnectedAccount {

    private final Integration integration;
    private TestContext context = TestContext.empty();

    private ConnectedAccount(Integration integration) {
        this.integration = integration;
    }

    /** An account with no config, no credentials and no state. The integration stays the caller's to close. */
    public static ConnectedAccount of(Integration integration) {
        return new ConnectedAccount(integration);
    }

    public ConnectedAccount config(String key, Object value) {
        context = context.withConfig(key, value);
        return this;
    }

    /** The credentials; they replace those before. */
    public ConnectedAccount credentials(Map<String, String> values) {
        context = context.withCredentials(values);
        return this;
    }

    public ConnectedAccount clock(Clock clock) {
        context = context.withClock(clock);
        return this;
    }

    /** Lets a name resolve to an address. */
    public ConnectedAccount host(String name, InetAddress address) {
        context = context.withHost(name, address);
        return this;
    }

    /** What the last run that succeeded left; empty before. */
    public JsonObject syncState() {
        return context.syncState();
    }

    /** The context of the account, for a task outside a run. */
    public TaskContext context() {
        return context;
    }

    /** Syncs what is new. */
    public InMemoryRun sync() throws InterruptedException {
        return sync(Options.NONE);
    }

    /** Syncs, and takes on the run's state when all of its tasks ended well. */
    public InMemoryRun sync(Options options) throws InterruptedException {
        InMemoryRun run = InMemoryRun.of(integration, context.withOptions(options));
        if (run.succeeded()) {
            context = context.withSyncState(run.state());
        }
        return run;
    }
}
