package io.tributary.standalone.integration;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.worker.plugins.Plugin;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** Asks the provider whose account this is, as the engine does when an account was connected. */
public final class AskWhoseAccount {

    private AskWhoseAccount() {}

    /** @throws TaskFailure as the integration's {@code connect} */
    public static Account of(Plugin plugin, LocalAccount account) throws TaskFailure, InterruptedException {
        try (var outside = Outside.provider(plugin.manifest().domain(), UnaryOperator.identity())) {
            return plugin.connect(
                    new LocalContext(account, outside, JsonObject.EMPTY, Options.NONE, Clock.systemUTC(), "connect"));
        }
    }
}
