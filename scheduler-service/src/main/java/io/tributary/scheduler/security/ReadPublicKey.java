package io.tributary.scheduler.security;

import io.tributary.scheduler.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads the public key of the tokens' issuer from a PEM file ({@code BEGIN PUBLIC KEY}). */
final class ReadPublicKey {

    /** Bits of the one curve of ES256. */
    private static final int P256_BITS = 256;

    private ReadPublicKey() {}

    /** @throws CannotStart when the file holds no RSA or P-256 public key */
    static PublicKey from(String path) {
        try {
            String pem = Files.readString(Path.of(path));
            String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return parse(path, new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IOException e) {
            throw unusable(path, "the file cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (IllegalArgumentException e) {
            throw unusable(path, "it is not a PEM", e);
        }
    }

    private static PublicKey parse(String path, X509EncodedKeySpec spec) {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException notRsa) {
            try {
                var key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
                if (key.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
                    throw unusable(path, "its curve is not P-256", null);
                }
                return key;
            } catch (GeneralSecurityException e) {
                e.addSuppressed(notRsa);
                throw unusable(path, "it holds neither an RSA nor an EC public key", e);
            }
        }
    }

    private static CannotStart unusable(String path, String why, @Nullable Exception cause) {
        return new CannotStart(
                "The public key " + path + " cannot be used: " + why + ".",
                "Let TRIBUTARY_SECURITY_PUBLIC_KEY name a PEM file with the issuer's public key (RSA or P-256).",
                cause);
    }
}
