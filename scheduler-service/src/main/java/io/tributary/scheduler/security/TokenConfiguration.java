package io.tributary.scheduler.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.http.Violations;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Accepts tokens that are signed with RS256 or ES256 by the configured key, from our issuer, for our audience, not
 * expired, with a subject. The algorithm is bound to the key, so neither {@code none} nor an HMAC with the public key
 * passes.
 */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    /** By how much the clocks of the issuer and of this service may differ. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    @Bean
    JwtDecoder jwtDecoder(SecurityProperties properties) {
        if (properties.issuer() == null) {
            throw new CannotStart(
                    "tributary.security.issuer is not set: no token can be trusted.",
                    "Set TRIBUTARY_SECURITY_ISSUER to the claim iss of the tokens to accept.",
                    null);
        }
        NimbusJwtDecoder decoder = decoder(properties);
        decoder.setClaimSetConverter(namingOrg(properties.orgClaim()));
        decoder.setJwtValidator(validator(properties.issuer(), properties.audience()));
        return decoder;
    }

    private static NimbusJwtDecoder decoder(SecurityProperties properties) {
        String publicKey = properties.publicKey();
        String jwkSetUri = properties.jwkSetUri();
        if (publicKey != null && jwkSetUri == null) {
            return byKey(ReadPublicKey.from(publicKey));
        }
        if (publicKey == null && jwkSetUri != null) {
            return NimbusJwtDecoder.withJwkSetUri(jwkSetUri)
                    .jwsAlgorithm(SignatureAlgorithm.RS256)
                    .jwsAlgorithm(SignatureAlgorithm.ES256)
                    .build();
        }
        throw new CannotStart(
                "Exactly one of tributary.security.public-key and tributary.security.jwk-set-uri must be set.",
                "Set TRIBUTARY_SECURITY_PUBLIC_KEY to the path of a PEM, or TRIBUTARY_SECURITY_JWK_SET_URI to the URL"
                        + " of the issuer's keys.",
                null);
    }

    private static NimbusJwtDecoder byKey(PublicKey key) {
        var algorithm = key instanceof RSAPublicKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
        JWSKeySelector<SecurityContext> onlyThisKey = new SingleKeyJWSKeySelector<>(algorithm, key);
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(onlyThisKey);
        processor.setJWTClaimsSetVerifier((_, _) -> {}); // the validator below does it
        return new NimbusJwtDecoder(processor);
    }

    /**
     * Issuers name the claim differently; after the decoder it has one name, which no token can bring along. Without
     * it, users are organisations of their own.
     */
    private static Converter<Map<String, Object>, Map<String, Object>> namingOrg(String orgClaim) {
        var converter = MappedJwtClaimSetConverter.withDefaults(Map.of());
        return claims -> {
            var converted = new HashMap<>(converter.convert(claims));
            Object org = claims.get(orgClaim);
            converted.put(Caller.ORG_CLAIM, org == null ? converted.get("sub") : org);
            return converted;
        };
    }

    private static OAuth2TokenValidator<Jwt> validator(String issuer, String audience) {
        return new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(CLOCK_SKEW),
                new JwtClaimValidator<Object>("exp", expiry -> expiry != null),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<@Nullable List<String>>(
                        "aud", audiences -> audiences != null && audiences.contains(audience)),
                new JwtClaimValidator<@Nullable String>("sub", TokenConfiguration::isId),
                new JwtClaimValidator<Object>(Caller.ORG_CLAIM, org -> org instanceof String id && isId(id)));
    }

    // As an id it goes into a text column: 255 characters at most, and none that Postgres cannot hold.
    private static boolean isId(@Nullable String subject) {
        return subject != null && !subject.isBlank() && subject.length() <= 255 && Violations.isStorable(subject);
    }
}
