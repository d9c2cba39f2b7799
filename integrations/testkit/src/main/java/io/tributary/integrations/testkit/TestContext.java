package io.tributary.integrations.testkit;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A context for tests. Its {@link #http} is the worker's, with kept connections and all bounds; it resolves every host,
 * loopback and private ones too, since the servers of a test are there; {@link #withHost} gives names to them.
 *
 * @param domain of the integration: what the codes of {@link #http} begin with
 * @param hosts addresses of names that the system's resolver is not asked for
 * @param quotas what the tasks told of the provider's quota, in the order they told it; shared by the contexts that are
 *     made from this one
 */
public record TestContext(
        String domain,
        UUID userIntegrationId,
        JsonObject config,
        Credentials credentials,
        JsonObject syncState,
        Options options,
        Clock clock,
        String idempotencyKey,
        Map<String, InetAddress> hosts,
        List<Quota> quotas)
        implements TaskContext {

    /** A new user integration: no config, no credentials, no state, no options, the system's clock. */
    public static TestContext empty() {
        return new TestContext(
                "test",
                UUID.randomUUID(),
                JsonObject.EMPTY,
                Credentials.none(),
                JsonObject.EMPTY,
                Options.NONE,
                Clock.systemUTC(),
                UUID.randomUUID().toString(),
                Map.of(),
                new CopyOnWriteArrayList<>());
    }

    public TestContext {
        hosts = Map.copyOf(hosts);
    }

    /** For an integration of this domain. */
    public TestContext withDomain(String domain) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    /** One more key of the config, or another value of it. */
    public TestContext withConfig(String key, Object value) {
        return new TestContext(
                domain,
                userIntegrationId,
                config.with(key, value),
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    public TestContext withCredentials(Map<String, String> values) {
        return withCredentials(new Credentials(values));
    }

    TestContext withCredentials(Credentials credentials) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    public TestContext withSyncState(JsonObject syncState) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    public TestContext withOptions(Options options) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    public TestContext withClock(Clock clock) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    public TestContext withIdempotencyKey(String idempotencyKey) {
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                hosts,
                quotas);
    }

    /** Lets a name resolve to an address, such as {@code mail.example.org} to a server on loopback. */
    public TestContext withHost(String name, InetAddress address) {
        var more = new HashMap<>(hosts);
        more.put(name, address);
        return new TestContext(
                domain,
                userIntegrationId,
                config,
                credentials,
                syncState,
                options,
                clock,
                idempotencyKey,
                more,
                quotas);
    }

    @Override
    public Http http() {
        return TestHttp.of(this);
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("io.tributary.integrations.test");
    }

    @Override
    public void quota(Quota quota) {
        quotas.add(quota);
    }

    @Override
    public List<InetAddress> resolve(String host) throws TaskFailure {
        InetAddress known = hosts.get(host);
        if (known != null) {
            return List.of(known);
        }
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new TaskFailure.Transient("polling.hostUnknown", "There is no host " + host + ".", e);
        }
    }
}
