package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
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
import java.util.UUID;
import java.util.function.Consumer;

/** What the worker lets a plugin know and use while it executes a task. */
record ExecutionContext(
        Task task,
        Account account,
        JsonObject syncState,
        Options options,
        Outside outside,
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
    public Http http() {
        return outside.http(task.getDomain(), clock, quotaListener);
    }

    @Override
    public System.Logger logger() {
        return new TaskLogger(task);
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
    public List<InetAddress> resolve(String host) throws TaskFailure {
        return outside.resolve(host);
    }
}
