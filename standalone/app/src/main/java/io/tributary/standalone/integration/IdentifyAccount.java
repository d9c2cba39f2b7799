package io.tributary.standalone.integration;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.Network;
import io.tributary.worker.plugins.Plugin;
import java.util.function.UnaryOperator;

/** Asks the provider which account this is, as the engine does when an account is connected. */
public final class IdentifyAccount {

    private IdentifyAccount() {}

    /** @throws TaskFailure as the integration's {@code identify}; also when that throws anything else */
    public static Account of(Plugin plugin, LocalAccount account) throws TaskFailure, InterruptedException {
        try (var network = Network.provider(plugin.manifest().domain(), UnaryOperator.identity())) {
            return plugin.identify(LocalContext.of(account, network).withDefaultsOf(plugin.manifest()));
        } catch (RuntimeException | LinkageError e) {
            throw ExecuteOnce.thrown("tributary.connect", e);
        }
    }
}
