package io.tributary.scheduler.oauth;

import io.tributary.egress.ClientAuthentication;
import io.tributary.egress.OAuthClients;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the provider at which an account is connected, and the client that it is connected with. */
@Component
record FindProvider(JdbcClient jdbc, Manifests manifests, SealCredentials seal, OAuthClients clients) {

    /** Columns that {@link #read} needs. */
    static final String SELECT =
            "select id, user_id, integration_domain, config::text as config, credentials from user_integration";

    private record Row(UUID id, String userId, String domain, JsonNode config, byte @Nullable [] credentials) {}

    /**
     * A provider, its client, and the account.
     *
     * @param config of the account, with the defaults of the integration
     */
    record Found(String userId, Manifest manifest, JsonNode config, OAuthClients.Chosen chosen) {

        Optional<String> text(String key) {
            return FindProvider.text(config, key);
        }
    }

    /** @throws ApiException when the account is gone, or its client or provider is unknown */
    Found find(UUID id) {
        return read(jdbc.sql(SELECT + " where id = :id").param("id", id));
    }

    /**
     * The same of the row that a statement returns.
     *
     * @throws ApiException when there is no row, or its client or provider is unknown
     */
    Found read(StatementSpec select) {
        Row row = select.query((columns, _) -> new Row(
                        columns.getObject("id", UUID.class),
                        columns.getString("user_id"),
                        columns.getString("integration_domain"),
                        JsonMapper.shared().readTree(columns.getString("config")),
                        columns.getBytes("credentials")))
                .optional()
                .orElseThrow(ApiException::notFound);
        Manifest manifest = manifests.require(row.domain());
        JsonNode config = manifest.withDefaults(row.config());
        var account = new OAuthClients.Provider(
                text(config, "authorizeUrl").orElse(null),
                text(config, "tokenUrl").orElse(null),
                null,
                text(config, "clientIdParameter").orElse(null));
        Map<String, String> own = row.credentials() == null ? Map.of() : seal.open(row.id(), row.credentials());
        return switch (clients.chooseToConnect(row.domain(), provider(manifest), account, own)) {
            case OAuthClients.Chosen chosen -> new Found(row.userId(), manifest, config, chosen);
            case OAuthClients.Unusable(var reason) -> throw impossible(reason.code(), reason.detail());
        };
    }

    private static OAuthClients.Provider provider(Manifest manifest) {
        var provider = manifest.oauth2();
        return provider == null
                ? OAuthClients.Provider.NONE
                : new OAuthClients.Provider(
                        provider.authorizeUrl(),
                        provider.tokenUrl(),
                        ClientAuthentication.of(provider.clientAuthentication()));
    }

    private static Optional<String> text(JsonNode config, String key) {
        JsonNode value = config.get(key);
        return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    static ApiException impossible(String code, String detail) {
        return new ApiException(Problem.of(HttpStatus.CONFLICT, code, detail));
    }
}
