package io.tributary.scheduler.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whose tokens are accepted. Exactly one of {@code publicKey} and {@code jwkSetUri} must be set.
 *
 * @param issuer claim {@code iss} of a token; must be set
 * @param audience one of the claim {@code aud}; default {@code tributary}
 * @param publicKey path of a PEM with the public key that signs: RSA for RS256, P-256 for ES256
 * @param jwkSetUri where the issuer publishes its keys
 */
@ConfigurationProperties("tributary.security")
record SecurityProperties(
        @Nullable String issuer,
        String audience,
        @Nullable String publicKey,
        @Nullable String jwkSetUri) {

    SecurityProperties {
        issuer = blankIsUnset(issuer);
        publicKey = blankIsUnset(publicKey);
        jwkSetUri = blankIsUnset(jwkSetUri);
    }

    private static @Nullable String blankIsUnset(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
