package io.tributary.scheduler.oauth;

import io.tributary.egress.OAuthClients;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of connecting accounts by OAuth2.
 *
 * @param redirectUri URL to which providers redirect browsers, as registered with them; default {@code /oauth/callback}
 *     of this service as the caller addressed it
 * @param clients the deployment's client at the provider, by domain; the workers need the same. It is used with the
 *     URLs of the integration's manifest alone, and an account's own {@code clientId} goes before it; default none
 */
@ConfigurationProperties("tributary.oauth")
record OAuthProperties(@Nullable URI redirectUri, @Nullable Map<String, OAuthClients.Registered> clients) {}
