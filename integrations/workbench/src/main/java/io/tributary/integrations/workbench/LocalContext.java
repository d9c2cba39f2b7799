package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The context of a task without the engine, for an account that is in no database.
 *
 * @param account its config and credentials
 * @param network the hosts that it reaches
 * @param quotas the quotas that tasks reported, in order; shared by the contexts that are made from this one
 */
public record LocalContext(
        UUID userIntegrationId,
        LocalAccount account,
        Network network,
        JsonObject syncState,
        Options options,
        Clock clock,
        String idempotencyKey,
        List<Quota> quotas)
        implements TaskContext {

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private static final UUID SAME_IN_EACH_RUN = new UUID(0, 0);

    /** A new user integration: no config, no credentials, no state, no options, the system's clock. */
    public static LocalContext empty() {
        return new LocalContext(
                UUID.randomUUID(),
                LocalAccount.EMPTY,
                Network.named("test", Map.of()),
                JsonObject.EMPTY,
                Options.NONE,
                Clock.systemUTC(),
                UUID.randomUUID().toString(),
                new CopyOnWriteArrayList<>());
    }

    /** An account whose ids are the same in each run, so that a replay sends what was recorded. */
    public static LocalContext of(LocalAccount account, Network network) {
        return new LocalContext(
                SAME_IN_EACH_RUN,
                account,
                network,
                JsonObject.EMPTY,
                Options.NONE,
                Clock.systemUTC(),
                "task",
                new CopyOnWriteArrayList<>());
    }

    private LocalContext with(LocalAccount account, Network network) {
        return new LocalContext(userIntegrationId, account, network, syncState, options, clock, idempotencyKey, quotas);
    }

    /** For an integration of this domain: the codes of {@link #http} begin with it. */
    public LocalContext withDomain(String domain) {
        return with(account, network.withDomain(domain));
    }

    /** Lets a name resolve to an address, such as {@code mail.example.org} to a server on loopback. */
    public LocalContext withHost(String name, InetAddress address) {
        return with(account, network.withName(name, address));
    }

    /** One more key of the config, or another value of it. */
    public LocalContext withConfig(String key, Object value) {
        return with(new LocalAccount(account.config().with(key, value), account.credentials()), network);
    }

    /** The config with the defaults of the integration's config schema, as the engine gives it to the integration. */
    public LocalContext withDefaultsOf(Manifest manifest) {
        var schema = new JsonObject(JsonMapper.shared().readValue(manifest.configSchema(), OBJECT));
        return with(new LocalAccount(account.config().withDefaultsOf(schema), account.credentials()), network);
    }

    /** The credentials; they replace those before. */
    public LocalContext withCredentials(Map<String, String> values) {
        return with(new LocalAccount(account.config(), values), network);
    }

    public LocalContext withSyncState(JsonObject state) {
        return new LocalContext(userIntegrationId, account, network, state, options, clock, idempotencyKey, quotas);
    }

    public LocalContext withOptions(Options options) {
        return new LocalContext(userIntegrationId, account, network, syncState, options, clock, idempotencyKey, quotas);
    }

    public LocalContext withClock(Clock clock) {
        return new LocalContext(userIntegrationId, account, network, syncState, options, clock, idempotencyKey, quotas);
    }

    public LocalContext withIdempotencyKey(String key) {
        return new LocalContext(userIntegrationId, account, network, syncState, options, clock, key, quotas);
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
        return network.transport().http(network.domain(), clock, this::quota);
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("io.tributary.integrations." + network.domain());
    }

    /** Nothing follows from it: nobody else sends on this account. */
    @Override
    public void quota(Quota quota) {
        quotas.add(quota);
    }

    @Override
    public List<InetAddress> resolve(String host) throws TaskFailure {
        return network.hosts().resolve(host);
    }
}
