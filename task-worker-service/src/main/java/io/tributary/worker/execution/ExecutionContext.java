package io.tributary.worker.execution;

import io.tributary.egress.Tenant;
import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.schemas.Task;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The context of a plugin's task: everything that the plugin may use during the task.
 *
 * @param toBringAbout the effect that the task is to have; null: it executes no action
 * @param savedState the run's state as it is stored, with placeholders for credentials
 */
record ExecutionContext(
        Task task,
        @Nullable Effect toBringAbout,
        Account account,
        JsonObject savedState,
        Options options,
        Egress egress,
        Clock clock,
        Consumer<Quota> quotaListener)
        implements TaskContext {

    @Override
    public UUID userIntegrationId() {
        return task.getUserIntegrationId();
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
    public void conceal(String name, String secret) {
        account.secrets().learn(name, secret);
    }

    @Override
    public JsonObject syncState() {
        return account.secrets().fillIn(savedState);
    }

    @Override
    public Http http() {
        return egress.http(task.getDomain(), Tenant.of(task.getOrgId(), task.getUserId()), clock, quotaListener);
    }

    @Override
    public System.Logger logger() {
        return new TaskLogger(task, account.secrets());
    }

    @Override
    public void quota(Quota quota) {
        quotaListener.accept(quota);
    }

    @Override
    public String idempotencyKey() {
        return task.getTaskId().toString();
    }

    @Override
    public Optional<Effect> effect() {
        return Optional.ofNullable(toBringAbout);
    }

    @Override
    public List<InetAddress> resolve(String host) throws TaskFailure {
        return egress.resolve(host);
    }
}
