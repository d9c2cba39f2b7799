package io.tributary.integrations.declarative;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Bytes;
import io.tributary.integrations.declarative.Definition.Signature;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs a request that is complete but for its signature, with a secret of the account. */
record SignRequest(Signature how, TaskContext context) {

    /** @throws IllegalArgumentException when the secret is not written as the file says */
    HttpRequest of(HttpRequest request) throws TaskFailure, ExpressionFailure {
        String time = Values.text(how.timeFormat().of(context.clock().instant()));
        HttpRequest its = how.timestamp() == null ? request : with(request, how.timestamp(), time);
        String text = how.text().text(parts(its, time), new Scope(new LinkedHashMap<>(), context.clock()));
        if (text == null) {
            throw how.text().failed("it has no text to sign");
        }
        byte[] key = bytes(context.credentials().require(how.credential()).strip(), how.keyBytes());
        return with(its, how.shown(), written(signature(key, text), how.signatureBytes()));
    }

    /** What the expression is applied to. The path and the query are as they are sent. */
    private static LinkedHashMap<String, @Nullable Object> parts(HttpRequest request, String time) {
        byte[] body = request.body();
        String query = request.uri().getRawQuery();
        var parts = new LinkedHashMap<String, @Nullable Object>();
        parts.put("method", request.method());
        parts.put("url", request.uri().toString());
        parts.put("host", request.uri().getRawAuthority());
        parts.put("path", request.uri().getRawPath());
        parts.put("query", query == null ? "" : query);
        parts.put(
                "sortedQuery",
                query == null ? "" : Arrays.stream(query.split("&")).sorted().collect(Collectors.joining("&")));
        parts.put("body", body == null ? "" : new String(body, UTF_8));
        parts.put("bodyHash", Values.hash(body == null ? "" : new String(body, UTF_8)));
        parts.put("timestamp", time);
        return parts;
    }

    private static HttpRequest with(HttpRequest request, Authentication where, String value) {
        return switch (where) {
            case Authentication.KeyInQuery(String name) -> request.query(name, value);
            case Authentication.KeyInHeader(String name, String prefix) -> request.header(name, prefix + value);
            default -> throw new IllegalStateException("a signature goes into a header or the query");
        };
    }

    private byte[] signature(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(how.algorithm());
            mac.init(new SecretKeySpec(key, how.algorithm()));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + how.algorithm(), e);
        }
    }

    private static byte[] bytes(String text, Bytes written) {
        return switch (written) {
            case TEXT -> text.getBytes(UTF_8);
            case HEX -> HexFormat.of().parseHex(text);
            case BASE64 -> Base64.getDecoder().decode(text);
        };
    }

    private static String written(byte[] bytes, Bytes as) {
        return as == Bytes.BASE64
                ? Base64.getEncoder().encodeToString(bytes)
                : HexFormat.of().formatHex(bytes);
    }
}
