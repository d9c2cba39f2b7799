package io.tributary.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Signs tokens for the API of a data folder. In production, your identity provider does this. */
public final class Tokens {

    /** Issuer of the tokens; the API accepts no other. */
    public static final String ISSUER = "tributary-standalone";

    public static final String AUDIENCE = "tributary";

    /** How long a token is good for. */
    public static final Duration LIFETIME = Duration.ofHours(12);

    private final DataDir dataDir;
    private final Clock clock;

    /** Makes the keys where they are missing, so a token can be had before the first start. */
    public Tokens(DataDir dataDir, Clock clock) {
        Keys.createMissing(dataDir);
        this.dataDir = dataDir;
        this.clock = clock;
    }

    /**
     * A new token.
     *
     * @param user whom it speaks for
     * @param operator whether it sees and does everything, whosever it is
     */
    public String mint(String user, boolean operator) {
        return mint(user, null, operator ? "operator" : null);
    }

    /**
     * A new token of a user of an organisation.
     *
     * @param org the organisation; null: none, the user is one of their own
     * @param scope {@code operator} or {@code org-admin}; null: the user's own rows only
     */
    public String mint(String user, @Nullable String org, @Nullable String scope) {
        Instant now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
        if (org != null) {
            claims.claim("org", org);
        }
        if (scope != null) {
            claims.claim("scope", scope);
        }
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims.build());
            token.sign(new RSASSASigner(Keys.tokenKey(dataDir)));
            return token.serialize();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | JOSEException e) {
            throw new UserError(
                    "cannot sign with " + dataDir.tokenKey() + " (" + e.getMessage()
                            + "): delete it and token.pub in the same folder; the next start makes new ones",
                    e);
        }
    }
}
