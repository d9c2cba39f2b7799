package io.tributary.edge.webhooks;

import io.tributary.edge.webhooks.Endpoint.Secret;
import io.tributary.schemas.WebhookDocument;
import io.tributary.schemas.WebhookEndpoint;
import io.tributary.secrets.Keyset;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints and the rules of their integrations, as two compacted topics have them. Thread safe. */
public final class Endpoints {

    private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

    // A worker or a scheduler may be newer.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Map<UUID, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<UUID, Endpoint> ofApps = new ConcurrentHashMap<>();
    private final Map<String, Rules> rules = new ConcurrentHashMap<>();
    private final Keyset keyset;

    public Endpoints(Keyset keyset) {
        this.keyset = keyset;
    }

    /** An endpoint that can verify. */
    record Ready(Endpoint endpoint, Rules rules, Secret secret) {}

    /** Takes a record of the topic of endpoints; null: the endpoint was deleted. */
    public void put(String key, @Nullable WebhookEndpoint record) {
        if (record == null) {
            endpoints.remove(UUID.fromString(key));
            ofApps.remove(UUID.fromString(key));
            return;
        }
        byte[] secret = new byte[record.getSecret().remaining()];
        record.getSecret().duplicate().get(secret);
        var endpoint = new Endpoint(record.getKey(), record.getDomain(), record.getUserIntegrationId(), secret);
        endpoints.put(record.getKey(), endpoint);
        if (endpoint.userIntegrationId() == null) {
            ofApps.put(record.getKey(), endpoint);
        }
    }

    /**
     * Takes a manifest; null: the integration was withdrawn.
     *
     * @throws IllegalArgumentException its rules are not understood; the earlier ones stay
     */
    public void putManifest(String domain, @Nullable String json) {
        if (json == null) {
            rules.remove(domain);
            return;
        }
        try {
            WebhookDocument webhook =
                    JSON.readValue(json, WebhookDocument.OfManifest.class).webhook();
            if (webhook == null) {
                rules.remove(domain);
            } else {
                rules.put(domain, Rules.of(webhook));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the manifest cannot be read", e);
        }
    }

    /** The endpoint of a key; empty: the domain has no such endpoint. */
    Optional<Endpoint> find(String domain, UUID key) {
        return Optional.ofNullable(endpoints.get(key))
                .filter(endpoint -> endpoint.domain().equals(domain));
    }

    /**
     * The endpoints of provider apps, which are few.
     *
     * @param domain only those of this integration; null: all
     */
    List<Endpoint> ofApps(@Nullable String domain) {
        return ofApps.values().stream()
                .filter(endpoint -> domain == null || endpoint.domain().equals(domain))
                .toList();
    }

    /** The rules of the integration of an endpoint; empty: no worker has announced it. */
    Optional<Rules> rules(Endpoint endpoint) {
        return Optional.ofNullable(rules.get(endpoint.domain()));
    }

    /** Opens the secret of an endpoint; empty: no worker has announced its integration, or no key opens it. */
    Optional<Ready> ready(Endpoint endpoint) {
        Rules known = rules.get(endpoint.domain());
        if (known == null) {
            return Optional.empty();
        }
        try {
            byte[] plain = keyset.open(endpoint.sealedSecret(), endpoint.key());
            return Optional.of(new Ready(endpoint, known, JSON.readValue(plain, Secret.class)));
        } catch (GeneralSecurityException | JacksonException _) {
            log.error("edge.secretUnreadable: the secret of an endpoint does not open key={}", endpoint.key());
            return Optional.empty();
        }
    }
}
