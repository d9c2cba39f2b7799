package io.tributary.edge.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.edge.webhooks.Rules.Part;
import io.tributary.schemas.WebhookDocument.Timestamp;
import io.tributary.schemas.WebhookDocument.Verify;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks that a request has a valid and recent signature. Values are compared in constant time. */
final class VerifySignature {

    /** Most signatures in one header; a provider that rotates its secret sends two. */
    private static final int MOST_SIGNATURES = 10;

    /** The X.509 prefix of the 32 bytes of an Ed25519 key (RFC 8410). */
    private static final byte[] ED25519_KEY = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final List<Part> BODY_ALONE = List.of(new Part.Body());

    private VerifySignature() {}

    /** Whether the request is genuine; also false if the signature cannot be checked. */
    static boolean holds(Rules rules, String secret, Received request) {
        Verify verify = rules.verify();
        String header = request.header().apply(verify.header());
        if (header == null) {
            return false;
        }
        if (verify.method().equals("token")) {
            return MessageDigest.isEqual(header.getBytes(UTF_8), secret.getBytes(UTF_8));
        }
        String time = verify.timestamp() == null ? "" : time(verify.timestamp(), request);
        if (time == null) {
            return false;
        }
        byte[] signed = signed(rules, time, request);
        List<byte[]> signatures = signatures(verify, header);
        try {
            return signed != null && anyMatches(verify.method(), secret, signed, signatures);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false; // for example, the secret is not a public key
        }
    }

    /** The HMAC-SHA256 of a text, in Base64. */
    static String hmacBase64(String secret, String text) {
        try {
            return Base64.getEncoder().encodeToString(hmac("HmacSHA256", secret, text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean anyMatches(String method, String secret, byte[] signed, List<byte[]> signatures)
            throws GeneralSecurityException {
        if (method.equals("ed25519")) {
            for (byte[] signature : signatures) {
                if (ed25519(secret, signed, signature)) {
                    return true;
                }
            }
            return false;
        }
        byte[] expected = hmac(method.equals("hmacSha1") ? "HmacSHA1" : "HmacSHA256", secret, signed);
        return signatures.stream().anyMatch(signature -> MessageDigest.isEqual(expected, signature));
    }

    private static byte[] hmac(String algorithm, String secret, byte[] signed) throws GeneralSecurityException {
        var mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
        return mac.doFinal(signed);
    }

    private static boolean ed25519(String publicKey, byte[] signed, byte[] signature) throws GeneralSecurityException {
        byte[] raw = HexFormat.of().parseHex(publicKey);
        byte[] encoded = Arrays.copyOf(ED25519_KEY, ED25519_KEY.length + raw.length);
        System.arraycopy(raw, 0, encoded, ED25519_KEY.length, raw.length);
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(signed);
        return verifier.verify(signature);
    }

    /** The time of the request as it was signed; null: it is missing, or too far from now. */
    private static @Nullable String time(Timestamp rules, Received request) {
        String header = request.header().apply(rules.header());
        String time = header == null || rules.field() == null
                ? header
                : fields(header, rules.field()).stream().findFirst().orElse(null);
        if (time == null) {
            return null;
        }
        try {
            Instant at = rules.format().equals("rfc3339")
                    ? OffsetDateTime.parse(time).toInstant()
                    : Instant.ofEpochSecond(Long.parseLong(time));
            Duration distance = Duration.between(at, request.at()).abs();
            return distance.compareTo(Duration.ofSeconds(rules.toleranceSeconds())) > 0 ? null : time;
        } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
            return null;
        }
    }

    private static List<byte[]> signatures(Verify verify, String header) {
        List<String> values = verify.field() == null ? List.of(header) : fields(header, verify.field());
        return values.stream()
                .limit(MOST_SIGNATURES)
                .filter(value -> value.startsWith(verify.prefix()))
                .map(value -> decode(
                        verify.encoding(), value.substring(verify.prefix().length())))
                .toList();
    }

    /** No signature equals the empty result. */
    private static byte[] decode(String encoding, String text) {
        try {
            return encoding.equals("base64")
                    ? Base64.getDecoder().decode(text)
                    : HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    /** The values of a key in a list such as {@code t=1,v1=ab}. */
    private static List<String> fields(String header, String key) {
        return Arrays.stream(header.split(",", 100))
                .map(String::strip)
                .filter(item -> item.startsWith(key + "="))
                .map(item -> item.substring(key.length() + 1))
                .toList();
    }

    /** The signed bytes; null: a header that is signed is missing. */
    private static byte @Nullable [] signed(Rules rules, String time, Received request) {
        if (rules.signed().equals(BODY_ALONE)) {
            return request.body();
        }
        var signed = new ByteArrayOutputStream(request.body().length + 128);
        for (Part part : rules.signed()) {
            switch (part) {
                case Part.Body() -> signed.writeBytes(request.body());
                case Part.Time() -> signed.writeBytes(time.getBytes(UTF_8));
                case Part.Text(String text) -> signed.writeBytes(text.getBytes(UTF_8));
                case Part.Header(String name) -> {
                    String value = request.header().apply(name);
                    if (value == null) {
                        return null;
                    }
                    signed.writeBytes(value.getBytes(UTF_8));
                }
            }
        }
        return signed.toByteArray();
    }
}
