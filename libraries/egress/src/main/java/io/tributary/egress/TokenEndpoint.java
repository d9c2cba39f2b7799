package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges authorization codes and refresh tokens at the token endpoints of providers (RFC 6749, sections 4.1.3 and
 * 6). It never repeats a request: a refresh token that is sent twice may revoke the whole grant. Thread safe.
 */
public final class TokenEndpoint {

    /** Most endpoints whose way to authenticate clients is remembered. */
    private static final int REMEMBERED = 1_000;

    private static final String ID_PARAMETER = "client_id";

    private final Outbound outbound;
    private final Clock clock;

    /** The way that worked, of the endpoints that were used last. Guarded by itself. */
    private final Map<URI, ClientAuthentication> worked = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, ClientAuthentication> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * A token endpoint and its client.
     *
     * @param clientSecret null: a public client
     * @param authentication how the endpoint takes the secret; null: unknown, so the other way is tried once when it
     *     rejects the first one
     * @param idParameter the provider's name for {@code client_id}
     */
    public record Client(
            URI tokenUrl,
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable ClientAuthentication authentication,
            String idParameter) {

        /** Of an endpoint that calls the id of a client as RFC 6749 does. */
        public Client(
                URI tokenUrl,
                @Nullable String clientId,
                @Nullable String clientSecret,
                @Nullable ClientAuthentication authentication) {
            this(tokenUrl, clientId, clientSecret, authentication, ID_PARAMETER);
        }

        /** Of an endpoint that does not say how it takes the secret. */
        public Client(URI tokenUrl, @Nullable String clientId, @Nullable String clientSecret) {
            this(tokenUrl, clientId, clientSecret, null);
        }

        /** This client at another address of the same provider. */
        public Client at(URI url) {
            return new Client(url, clientId, clientSecret, authentication, idParameter);
        }

        Client of(OAuthClients.Registered registered) {
            return new Client(tokenUrl, registered.clientId(), registered.clientSecret(), authentication, idParameter);
        }

        @Override
        public String toString() {
            return "Client[" + tokenUrl.getHost() + "]";
        }
    }

    /** @param clock what times in the header Retry-After are compared with */
    public TokenEndpoint(Outbound outbound, Clock clock) {
        this.outbound = outbound;
        this.clock = clock;
    }

    /** Exchanges a refresh token; every failure is an answer. */
    public TokenAnswer refresh(Client client, String refreshToken) {
        return exchange(client, TokenGrant.refreshToken(refreshToken));
    }

    /**
     * Exchanges an authorization code; every failure is an answer.
     *
     * @param codeVerifier of RFC 7636
     */
    public TokenAnswer redeem(Client client, String code, String redirectUri, String codeVerifier) {
        return exchange(client, TokenGrant.code(code, redirectUri, codeVerifier));
    }

    /** Exchanges any grant; every failure is an answer. */
    public TokenAnswer exchange(Client client, TokenGrant grant) {
        boolean hasSecret = client.clientId() != null && client.clientSecret() != null;
        if (!hasSecret || grant.asQuery() || grant.client() == TokenGrant.ClientShown.NOTHING) {
            return send(client, grant, ClientAuthentication.POST);
        }
        if (client.authentication() != null) {
            return send(client, grant, client.authentication());
        }
        ClientAuthentication first = remembered(client.tokenUrl());
        TokenAnswer answer = send(client, grant, first);
        if (answer instanceof TokenAnswer.ClientRefused refused && refused.ofAuthentication()) {
            // Some endpoints accept the secret in a header only, some in the body only. An endpoint that rejects the
            // client has not used the grant, so another request is harmless.
            TokenAnswer second = send(client, grant, first.other());
            if (second instanceof TokenAnswer.Granted || second instanceof TokenAnswer.GrantRefused) {
                synchronized (worked) {
                    worked.put(client.tokenUrl(), first.other());
                }
            }
            // Both ways rejected: the answer to the usual one tells more.
            return second instanceof TokenAnswer.ClientRefused ? answer : second;
        }
        return answer;
    }

    private ClientAuthentication remembered(URI tokenUrl) {
        synchronized (worked) {
            return worked.getOrDefault(tokenUrl, ClientAuthentication.POST);
        }
    }

    private TokenAnswer send(Client client, TokenGrant grant, ClientAuthentication authentication) {
        var form = new LinkedHashMap<>(grant.form());
        var headers = new HashMap<>(Map.of("Accept", "application/json"));
        if (grant.client() == TokenGrant.ClientShown.NOTHING) {
            // The grant says enough.
        } else if (authentication == ClientAuthentication.BASIC) {
            headers.put("Authorization", basic(client));
        } else if (client.clientId() != null) {
            form.put(client.idParameter(), client.clientId());
            if (client.clientSecret() != null) {
                form.put("client_secret", client.clientSecret());
            }
        }
        String fields = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        Outbound.Result result = grant.asQuery()
                ? outbound.get(withQuery(client.tokenUrl(), fields), headers)
                : outbound.post(client.tokenUrl(), "application/x-www-form-urlencoded", fields, headers);
        return switch (result) {
            case Outbound.Answered(var status, var text, var retryAfter) ->
                ReadTokenAnswer.of(status, text, wait(retryAfter), clock);
            case Outbound.Refused(var reason) -> new TokenAnswer.UrlRefused(reason);
            case Outbound.Silent(var reason, var unsent) -> new TokenAnswer.Silent(reason, unsent);
        };
    }

    private static URI withQuery(URI url, String fields) {
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + fields);
    }

    /** RFC 6749, section 2.3.1: each part form-encoded first. */
    private static String basic(Client client) {
        String user = encode(String.valueOf(client.clientId())) + ":" + encode(String.valueOf(client.clientSecret()));
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private @Nullable Duration wait(@Nullable String retryAfter) {
        return retryAfter == null ? null : RetryAfter.wait(retryAfter, clock).orElse(null);
    }
}
