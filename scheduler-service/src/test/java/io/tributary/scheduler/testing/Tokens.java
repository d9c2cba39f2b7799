package io.tributary.scheduler.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** An issuer of tokens, good ones and all kinds of bad ones. */
public final class Tokens {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "tributary";

    private final KeyPair keys;

    private Tokens(KeyPair keys) {
        this.keys = keys;
    }

    public static Tokens rsa() {
        return new Tokens(generate("RSA", 2048));
    }

    public static Tokens ec() {
        return new Tokens(generate("EC", 256));
    }

    /** Writes the public key as PEM. */
    public Path writePublicKey(Path folder) {
        try {
            return Files.writeString(
                    folder.resolve("issuer.pem"),
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(keys.getPublic().getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A good token of a user. */
    public String user(String userId) {
        return signed(claims(userId).build());
    }

    /** A good token of an operator. */
    public String operator(String userId) {
        return signed(claims(userId).claim("scope", "profile operator").build());
    }

    /** A good token of a user of an organisation. */
    public String member(String userId, String org) {
        return signed(claims(userId).claim("org", org).build());
    }

    /** A good token of an administrator of an organisation. */
    public String orgAdmin(String userId, String org) {
        return signed(claims(userId)
                .claim("org", org)
                .claim("scope", "profile org-admin")
                .build());
    }

    /** The claims of a good token of a user. */
    public static JWTClaimsSet.Builder claims(String userId) {
        return new JWTClaimsSet.Builder()
                .subject(userId)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
    }

    /** Signs claims with the right key. */
    public String signed(JWTClaimsSet claims) {
        try {
            return keys.getPrivate() instanceof ECPrivateKey ec
                    ? sign(JWSAlgorithm.ES256, new ECDSASigner(ec), claims)
                    : sign(JWSAlgorithm.RS256, new RSASSASigner(keys.getPrivate()), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs any text with the right RSA key, as if it were claims. */
    public String signedJson(String claims) {
        try {
            var token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(claims));
            token.sign(new RSASSASigner(keys.getPrivate()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs claims with the right key by another algorithm. */
    public String signedWith(JWSAlgorithm algorithm, JWTClaimsSet claims) {
        return sign(algorithm, new RSASSASigner(keys.getPrivate()), claims);
    }

    /** Claims that nobody signed. */
    public static String unsigned(JWTClaimsSet claims) {
        return new PlainJWT(claims).serialize();
    }

    /** Claims under an HMAC whose secret is the text of the public key. */
    public String confusedWith(byte[] publicKeyAsSecret, JWTClaimsSet claims) {
        try {
            return sign(JWSAlgorithm.HS256, new MACSigner(publicKeyAsSecret), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key as its bytes in DER. */
    public byte[] publicKey() {
        return keys.getPublic().getEncoded();
    }

    /** The public key as JSON. */
    public String jwk() {
        return keys.getPublic() instanceof ECPublicKey ec
                ? new ECKey.Builder(Curve.P_256, ec).build().toJSONString()
                : new RSAKey.Builder((RSAPublicKey) keys.getPublic()).build().toJSONString();
    }

    private static String sign(JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(new JWSHeader(algorithm), claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair generate(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
