package io.tributary.integrations.workbench.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.api.JsonObject;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How a secret looks when it was written into something else. */
final class SecretForms {

    /** Bytes; of a shorter secret, base64 of something around it leaves too little to know it by. */
    private static final int SHORTEST_INSIDE_BASE64 = 6;

    private SecretForms() {}

    /** As it is; inside JSON; in a URL or form; in base64, alone or as a part of something longer. */
    static Stream<String> of(String secret) {
        return Stream.of(Stream.of(secret), inJson(secret), inUrl(secret), inBase64(secret.getBytes(UTF_8)))
                .flatMap(forms -> forms)
                .filter(form -> !form.isEmpty());
    }

    private static Stream<String> inJson(String secret) {
        String quoted = JsonObject.of("", secret).toJson();
        String escaped = quoted.substring("{\"\":\"".length(), quoted.length() - "\"}".length());
        return Stream.of(escaped, escaped.replace("/", "\\/"));
    }

    private static Stream<String> inUrl(String secret) {
        String form = URLEncoder.encode(secret, UTF_8);
        String url = form.replace("+", "%20");
        return Stream.of(form, url, lowerCaseHex(form), lowerCaseHex(url), url.replace("%3A", ":"));
    }

    private static String lowerCaseHex(String encoded) {
        var text = new StringBuilder(encoded);
        for (int at = encoded.indexOf('%'); at >= 0; at = encoded.indexOf('%', at + 1)) {
            text.setCharAt(at + 1, Character.toLowerCase(text.charAt(at + 1)));
            text.setCharAt(at + 2, Character.toLowerCase(text.charAt(at + 2)));
        }
        return text.toString();
    }

    private static Stream<String> inBase64(byte[] secret) {
        Stream<String> alone = Stream.of(Base64.getEncoder(), Base64.getUrlEncoder())
                .flatMap(encoder -> Stream.of(
                        encoder.encodeToString(secret), encoder.withoutPadding().encodeToString(secret)));
        if (secret.length < SHORTEST_INSIDE_BASE64) {
            return alone;
        }
        Stream<String> inside = IntStream.range(0, 3)
                .boxed()
                .flatMap(before -> Stream.of(
                        inside(secret, before, Base64.getEncoder()), inside(secret, before, Base64.getUrlEncoder())));
        return Stream.concat(alone, inside);
    }

    /** The Base64 characters that encode only the secret when this number of bytes, modulo 3, precedes it. */
    private static String inside(byte[] secret, int before, Base64.Encoder encoder) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int first = (before * 8 + 5) / 6;
        int last = shifted.length * 8 / 6;
        return encoded.substring(first, last);
    }
}
