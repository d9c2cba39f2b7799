package io.tributary.egress;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which OAuth2 client an account uses, and at which token endpoint: the only place that gives out the secret of
 * a deployment's client.
 *
 * <ul>
 *   <li>The deployment's client is used with the URLs of the manifest alone. An account that names its own
 *       {@code authorizeUrl} or {@code tokenUrl} needs its own {@code clientId}.
 *   <li>An account has a reference to the deployment's client, never its secret. The secret is resolved when it is
 *       used, so it can be rotated.
 *   <li>Tokens are bound to the endpoint that issued them, see {@link Chosen#bind}.
 * </ul>
 *
 * <p>Immutable.
 */
public final class OAuthClients {

    /** First part of the keys of sealed credentials that are no credentials: no integration sees them. */
    public static final String RESERVED = "tributary.";

    /** The token endpoint that issued the tokens; {@link #MANIFEST} for that of the manifest; none: unknown. */
    private static final String ISSUED_BY = RESERVED + "issuedBy";

    private static final String MANIFEST = "manifest";

    /** Set when the tokens were issued to the deployment's client, whose id is in {@code clientId}. */
    private static final String CLIENT_OF = RESERVED + "clientOf";

    private static final String DEPLOYMENT = "deployment";

    private final Map<String, Registered> clients = new HashMap<>();

    /**
     * A client of the deployment at a provider.
     *
     * @param clientSecret null: a public client
     */
    public record Registered(String clientId, @Nullable String clientSecret) {
        @Override
        public String toString() {
            return "Client[" + clientId + "]";
        }
    }

    /**
     * The URLs of a provider, as a manifest or an account names them; each may be missing.
     *
     * @param authentication how clients authenticate at its token endpoint; null: unknown
     * @param clientIdParameter what it calls the id of a client; null: {@code client_id}
     */
    public record Provider(
            @Nullable String authorizeUrl,
            @Nullable String tokenUrl,
            @Nullable ClientAuthentication authentication,
            @Nullable String clientIdParameter) {

        public static final Provider NONE = new Provider(null, null, null);

        /** A provider that calls the id of a client as RFC 6749 does, or of which nothing else is known. */
        public Provider(
                @Nullable String authorizeUrl,
                @Nullable String tokenUrl,
                @Nullable ClientAuthentication authentication) {
            this(authorizeUrl, tokenUrl, authentication, null);
        }
    }

    /** The client of an account, or the reason why it has none. */
    public sealed interface Choice {}

    /**
     * @param authorizeUrl page of consent; null: neither the account nor the manifest names one
     * @param client the client, at the token endpoint; without an id where there is no client
     * @param ofDeployment whether it is the deployment's client
     * @param issuer names the token endpoint in the credentials
     */
    public record Chosen(
            @Nullable String authorizeUrl, TokenEndpoint.Client client, boolean ofDeployment, String issuer)
            implements Choice {

        /** Binds new tokens to this client and endpoint, in the credentials that are sealed. */
        public void bind(Map<String, String> credentials) {
            credentials.put(ISSUED_BY, issuer);
            put(credentials, "clientId", client.clientId());
            put(credentials, "clientSecret", ofDeployment ? null : client.clientSecret());
            put(credentials, CLIENT_OF, ofDeployment ? DEPLOYMENT : null);
        }

        private static void put(Map<String, String> credentials, String key, @Nullable String value) {
            if (value == null) {
                credentials.remove(key);
            } else {
                credentials.put(key, value);
            }
        }
    }

    /** No client may be used; nothing is sent. */
    public record Unusable(Reason reason) implements Choice {}

    /** The reasons why no client may be used, each with its code and a remedy. */
    public enum Reason {
        NO_PROVIDER("oauth.noProvider", "Neither the integration nor the account's config has a tokenUrl."),
        NO_URL("oauth.urlRefused", "tokenUrl is not a URL."),
        NO_CLIENT(
                "oauth.noClient",
                "There is no OAuth2 client. Set clientId and clientSecret in the account's credentials, or set"
                        + " tributary.oauth.clients at the scheduler and at the workers."),
        FOREIGN_URL(
                "oauth.ownClientNeeded",
                "The account's config names other OAuth2 URLs than the integration, and the deployment's client is for"
                        + " those of the integration only: set clientId and clientSecret in the account's credentials."),
        CLIENT_CHANGED(
                "oauth.clientChanged",
                "The tokens were issued to another client than the deployment has now: connect the account again."),
        URL_CHANGED(
                "oauth.tokenUrlChanged",
                "The tokens were issued by another token endpoint than the account has now: connect the account"
                        + " again.");

        private final String code;
        private final String detail;

        Reason(String code, String detail) {
            this.code = code;
            this.detail = detail;
        }

        public String code() {
            return code;
        }

        public String detail() {
            return detail;
        }
    }

    /** @param clients the deployment's clients, by domain; null: none. A domain may be written without its hyphens */
    public OAuthClients(@Nullable Map<String, Registered> clients) {
        if (clients != null) {
            clients.forEach((domain, client) -> this.clients.put(key(domain), client));
        }
    }

    /** Environment variables cannot have hyphens. */
    private static String key(String domain) {
        return domain.toLowerCase(Locale.ROOT).replace("-", "");
    }

    /**
     * The client with which an account gets or renews its tokens.
     *
     * @param manifest provider of the integration
     * @param account provider that the account's config names
     * @param credentials of the account, as they were sealed
     */
    public Choice choose(String domain, Provider manifest, Provider account, Map<String, String> credentials) {
        String tokenUrl = account.tokenUrl() == null ? manifest.tokenUrl() : account.tokenUrl();
        if (tokenUrl == null) {
            return new Unusable(Reason.NO_PROVIDER);
        }
        URI url;
        try {
            url = URI.create(tokenUrl);
        } catch (IllegalArgumentException e) {
            return new Unusable(Reason.NO_URL);
        }
        boolean ownTokenUrl = isOwn(account.tokenUrl(), manifest.tokenUrl());
        String issuer = ownTokenUrl ? tokenUrl : MANIFEST;
        String issuedBy = credentials.get(ISSUED_BY);
        if (issuedBy != null && !issuedBy.equals(issuer) && !issuedBy.equals(tokenUrl)) {
            return new Unusable(Reason.URL_CHANGED);
        }
        var endpoint = new TokenEndpoint.Client(
                url,
                null,
                null,
                ownTokenUrl ? null : manifest.authentication(),
                account.clientIdParameter() == null ? "client_id" : account.clientIdParameter());
        boolean ownUrls = ownTokenUrl || isOwn(account.authorizeUrl(), manifest.authorizeUrl());
        String authorizeUrl = account.authorizeUrl() == null ? manifest.authorizeUrl() : account.authorizeUrl();
        Registered registered = clients.get(key(domain));
        String clientId = credentials.get("clientId");
        boolean byReference = DEPLOYMENT.equals(credentials.get(CLIENT_OF));
        // Earlier versions copied the deployment's client into accounts.
        boolean byId = registered != null && registered.clientId().equals(clientId);
        if (byReference || byId) {
            Reason reason = whyNot(registered, clientId, ownUrls);
            return reason != null
                    ? new Unusable(reason)
                    : new Chosen(authorizeUrl, endpoint.of(Objects.requireNonNull(registered)), true, issuer);
        }
        if (clientId == null && registered != null && !ownUrls) {
            return new Chosen(authorizeUrl, endpoint.of(registered), true, issuer);
        }
        var own = clientId == null ? endpoint : endpoint.of(new Registered(clientId, credentials.get("clientSecret")));
        return new Chosen(authorizeUrl, own, false, issuer);
    }

    private static @Nullable Reason whyNot(
            @Nullable Registered registered, @Nullable String clientId, boolean ownUrls) {
        if (ownUrls) {
            return Reason.FOREIGN_URL;
        }
        if (registered == null) {
            return Reason.NO_CLIENT;
        }
        return clientId == null || clientId.equals(registered.clientId()) ? null : Reason.CLIENT_CHANGED;
    }

    /** Compared as texts: a URL that only looks like that of the manifest is another one. */
    private static boolean isOwn(@Nullable String url, @Nullable String ofManifest) {
        return url != null && !url.equals(ofManifest);
    }

    /** Whether a token endpoint issued the tokens in these sealed credentials, and nobody pasted them. */
    public static boolean areIssued(Map<String, String> credentials) {
        return credentials.containsKey(ISSUED_BY);
    }

    /** The client with which an account is connected: as {@link #choose}, without its present tokens. */
    public Choice chooseToConnect(String domain, Provider manifest, Provider account, Map<String, String> credentials) {
        var client = new HashMap<>(credentials);
        client.remove(ISSUED_BY);
        if (client.remove(CLIENT_OF) != null) {
            client.remove("clientId"); // It was the deployment's, which may have another one by now.
        }
        Choice choice = choose(domain, manifest, account, client);
        if (choice instanceof Chosen chosen && chosen.client().clientId() == null) {
            return new Unusable(clients.containsKey(key(domain)) ? Reason.FOREIGN_URL : Reason.NO_CLIENT);
        }
        return choice;
    }
}
