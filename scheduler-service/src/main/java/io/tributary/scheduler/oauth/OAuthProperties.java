package io.tributary.scheduler.oauth;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How accounts are connected by OAuth2.
 *
 * @param redirectUri where providers send browsers back to, as registered with them; default {@code /oauth/callback} of
 *     this service as the caller addressed it
 * @param clients the deployment's client at the provider, by domain; an account's own {@code clientId} goes before it
 */
@ConfigurationProperties("tributary.oauth")
record OAuthProperties(@Nullable URI redirectUri, @Nullable Map<String, Client> clients) {

    /** @param clientSecret null: a public client */
    record Client(String clientId, @Nullable String clientSecret) {
        @Override
        public String toString() {
            return "Client[" + clientId + "]";
        }
    }

    @Nullable
    Client client(String domain) {
        return clients == null ? null : clients.get(domain);
    }
}
