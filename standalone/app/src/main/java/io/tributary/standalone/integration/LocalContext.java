package io.tributary.standalone.integration;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/**
 * What a task may know and use that runs on a person's machine: one account, that is in no database.
 *
 * @param account its config and credentials
 * @param outside what it reaches of the world
 * @param idempotencyKey the id of the task
 */
record LocalContext(
        LocalAccount account,
        Outside outside,
        JsonObject syncState,
        Options options,
        Clock clock,
        String idempotencyKey)
        implements TaskContext {

    private static final UUID ID = new UUID(0, 0);

    /** The same in every run: what an integration derives of it is the same in a replay. */
    @Override
    public UUID userIntegrationId() {
        return ID;
    }

    @Override
    public JsonObject config() {
        return account.config();
    }

    @Override
    public Credentials credentials() {
        return new Credentials(account.credentials());
    }

    @Override
    public Http http() {
        return outside.http(clock, this::quota);
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("io.tributary.integrations." + outside.domain());
    }

    /** Nothing follows from it: nobody else sends on this account. */
    @Override
    public void quota(Quota quota) {}

    @Override
    public List<InetAddress> resolve(String host) throws TaskFailure {
        return outside.resolve(host);
    }
}
