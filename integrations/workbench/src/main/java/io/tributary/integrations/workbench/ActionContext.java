package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The context of an action: that of the account, with the effect to bring about. */
record ActionContext(TaskContext account, Effect its) implements TaskContext {

    @Override
    public Optional<Effect> effect() {
        return Optional.of(its);
    }

    @Override
    public UUID userIntegrationId() {
        return account.userIntegrationId();
    }

    @Override
    public JsonObject config() {
        return account.config();
    }

    @Override
    public Credentials credentials() {
        return account.credentials();
    }

    @Override
    public JsonObject syncState() {
        return JsonObject.EMPTY;
    }

    @Override
    public Options options() {
        return Options.NONE;
    }

    @Override
    public Clock clock() {
        return account.clock();
    }

    @Override
    public Http http() {
        return account.http();
    }

    @Override
    public System.Logger logger() {
        return account.logger();
    }

    @Override
    public void quota(Quota quota) {
        account.quota(quota);
    }

    @Override
    public String idempotencyKey() {
        return account.idempotencyKey();
    }

    @Override
    public List<InetAddress> resolve(String host) throws TaskFailure {
        return account.resolve(host);
    }
}
