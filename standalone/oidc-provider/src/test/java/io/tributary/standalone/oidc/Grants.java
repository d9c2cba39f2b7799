package io.tributary.standalone.oidc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/**
 * The grants of the provider. A refresh token that comes a second time revokes its grant, with all tokens that came of
 * it: RFC 9700, section 4.14.2.
 */
final class Grants implements OAuth2AuthorizationService {

    private final OAuth2AuthorizationService current = new InMemoryOAuth2AuthorizationService();
    private final Map<String, String> grantOfRefreshToken = new ConcurrentHashMap<>();
    private final AtomicInteger reused = new AtomicInteger();

    @Override
    public void save(OAuth2Authorization grant) {
        var token = grant.getRefreshToken();
        if (token != null) {
            grantOfRefreshToken.put(token.getToken().getTokenValue(), grant.getId());
        }
        current.save(grant);
    }

    @Override
    public void remove(OAuth2Authorization grant) {
        current.remove(grant);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return current.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
        OAuth2Authorization found = current.findByToken(token, type);
        String grant = grantOfRefreshToken.get(token);
        if (found == null && grant != null && type != null && type.equals(OAuth2TokenType.REFRESH_TOKEN)) {
            revokeReused(grant);
        }
        return found;
    }

    private void revokeReused(String id) {
        OAuth2Authorization family = current.findById(id);
        if (family != null) {
            reused.incrementAndGet();
            current.remove(family);
        }
    }

    /** How many grants were revoked because a refresh token came twice. */
    int reused() {
        return reused.get();
    }

    /** Revokes the grant of a refresh token, as its owner does. */
    void revoke(String refreshToken) {
        String id = grantOfRefreshToken.get(refreshToken);
        OAuth2Authorization grant = id == null ? null : current.findById(id);
        if (grant != null) {
            current.remove(grant);
        }
    }

    /** Whether an access token is valid now. */
    boolean isValid(String accessToken) {
        OAuth2Authorization grant = current.findByToken(accessToken, OAuth2TokenType.ACCESS_TOKEN);
        var token = grant == null ? null : grant.getAccessToken();
        return token != null && token.isActive();
    }

    /** Invalidates an access token before its time. */
    void expire(String accessToken) {
        OAuth2Authorization grant = current.findByToken(accessToken, OAuth2TokenType.ACCESS_TOKEN);
        var token = grant == null ? null : grant.getAccessToken();
        if (grant != null && token != null) {
            current.save(
                    OAuth2Authorization.from(grant).invalidate(token.getToken()).build());
        }
    }
}
