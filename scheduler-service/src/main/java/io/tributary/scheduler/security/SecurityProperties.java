package io.tributary.scheduler.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The tokens that are accepted. Exactly one of {@code publicKey} and {@code jwkSetUri} must be set.
 *
 * @param issuer claim {@code iss} of a token; must be set
 * @param audience one of the claim {@code aud}; default {@code tributary}
 * @param publicKey path of a PEM with the public key that signs: RSA for RS256, P-256 for ES256
 * @param jwkSetUri URL of the issuer's keys
 * @param orgClaim claim that names the organisation of a token's user, up to 255 characters; default {@code org}. A
 *     token without it belongs to an organisation of its user alone
 */
@ConfigurationProperties("tributary.security")
record SecurityProperties(
        @Nullable String issuer,
        String audience,
        @Nullable String publicKey,
        @Nullable String jwkSetUri,
        String orgClaim) {

    SecurityProperties {
        issuer = blankIsUnset(issuer);
        publicKey = blankIsUnset(publicKey);
        jwkSetUri = blankIsUnset(jwkSetUri);
    }

    private static @Nullable String blankIsUnset(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
