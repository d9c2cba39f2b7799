package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to a provider. {@link #toString} names method, host and path, and neither query, header nor body.
 *
 * @param method such as {@code GET}
 * @param uri absolute, http or https
 * @param headers by name, which is not case sensitive; one value each
 * @param body what is sent; null: nothing
 * @param timeout of the whole exchange, 1 s to 10 min; default 60 s
 * @param maxBytes of the answer's body when it is decompressed, 1 to 512 MB; default 32 MB
 */
public record HttpRequest(
        String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout, long maxBytes) {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final long MAX_BYTES = 32L << 20;
    private static final long MOST_BYTES = 512L << 20;

    public HttpRequest {
        requireNonNull(uri, "uri");
        headers = Map.copyOf(headers);
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("'" + method + "' is no method");
        }
        String scheme = uri.getScheme();
        if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) || uri.getHost() == null) {
            throw new IllegalArgumentException("a request needs an absolute http or https URI with a host");
        }
        headers.forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("header '" + name + "' has a character that headers cannot have");
            }
        });
        if (timeout.toMillis() < 1000 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it must be 1 second to 10 minutes");
        }
        if (maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; it must be 1 to " + MOST_BYTES);
        }
    }

    /** Gets a resource. */
    public static HttpRequest get(URI uri) {
        return new HttpRequest("GET", uri, Map.of(), null, TIMEOUT, MAX_BYTES);
    }

    /** Posts a form, {@code application/x-www-form-urlencoded} in UTF-8. */
    public static HttpRequest postForm(URI uri, Map<String, String> fields) {
        return post(uri, "application/x-www-form-urlencoded", encode(fields));
    }

    /** Posts a JSON object. */
    public static HttpRequest postJson(URI uri, JsonObject body) {
        return post(uri, "application/json", body.toJson());
    }

    private static HttpRequest post(URI uri, String contentType, String body) {
        return new HttpRequest(
                "POST",
                uri,
                Map.of("Content-Type", contentType),
                body.getBytes(StandardCharsets.UTF_8),
                TIMEOUT,
                MAX_BYTES);
    }

    /** This request with a header set. */
    public HttpRequest header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, value);
        return new HttpRequest(method, uri, more, body, timeout, maxBytes);
    }

    /** This request with an access token (RFC 6750). */
    public HttpRequest bearer(String accessToken) {
        return header("Authorization", "Bearer " + accessToken);
    }

    /** This request with one more parameter in its query, encoded; a null value adds none. */
    public HttpRequest query(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        String text = uri.toString();
        String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment();
        String before = text.substring(0, text.length() - fragment.length());
        String separator = uri.getRawQuery() == null ? "?" : uri.getRawQuery().isEmpty() ? "" : "&";
        URI extended = URI.create(before + separator + encode(Map.of(name, value.toString())) + fragment);
        return new HttpRequest(method, extended, headers, body, timeout, maxBytes);
    }

    public HttpRequest timeout(Duration timeout) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes);
    }

    public HttpRequest maxBytes(long maxBytes) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes);
    }

    private static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getHost() + uri.getRawPath();
    }
}
