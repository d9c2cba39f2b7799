package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to a provider. {@link #toString} names method, host and path, and neither query, header nor body. A
 * secret that has to be in the path is named by {@link #hiding}.
 *
 * @param method such as {@code GET}
 * @param uri absolute, http or https, without user info
 * @param headers by name, which is not case sensitive; one value each. The client sets those of the connection and of
 *     the body's length, which are rejected here
 * @param body body to send; null: none. Copied in and out
 * @param timeout of the whole exchange, 1 s to 10 min; default 60 s
 * @param maxBytes largest decompressed body of the response, 1 to 512 MB; default 32 MB
 * @param expected statuses that are returned although {@link Http#send} would throw a failure for them, 400 to 599;
 *     default none
 * @param hidden a secret that no credential is, such as the token of a session: {@link #toString} leaves it out, and so
 *     does a recording; empty, the default: none
 */
public record HttpRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        Duration timeout,
        long maxBytes,
        Set<Integer> expected,
        String hidden,
        @Nullable Path into) {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Set<String> THE_CLIENTS_OWN = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final long MAX_BYTES = 32L << 20;
    private static final long MOST_BYTES = 512L << 20;
    private static final long MOST_BYTES_OF_A_FILE = 16L << 30;

    public HttpRequest {
        requireNonNull(uri, "uri");
        headers = Map.copyOf(headers);
        body = body == null ? null : body.clone();
        expected = Set.copyOf(expected);
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("'" + method + "' is no method");
        }
        String scheme = uri.getScheme();
        if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) || uri.getHost() == null) {
            throw new IllegalArgumentException("a request needs an absolute http or https URI with a host");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a URI must not hold credentials; send them in a header");
        }
        checkHeaders(headers);
        if (timeout.toMillis() < 1000 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it must be 1 second to 10 minutes");
        }
        long most = into == null ? MOST_BYTES : MOST_BYTES_OF_A_FILE;
        if (maxBytes < 1 || maxBytes > most) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; it must be 1 to " + most);
        }
        if (expected.stream().anyMatch(status -> status < 400 || status > 599)) {
            throw new IllegalArgumentException("expected is " + expected + "; statuses of failures are 400 to 599");
        }
    }

    /** A request that hides nothing. */
    public HttpRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            long maxBytes,
            Set<Integer> expected) {
        this(method, uri, headers, body, timeout, maxBytes, expected, "", null);
    }

    /** A request whose response is kept in memory. */
    public HttpRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            long maxBytes,
            Set<Integer> expected,
            String hidden) {
        this(method, uri, headers, body, timeout, maxBytes, expected, hidden, null);
    }

    private static void checkHeaders(Map<String, String> headers) {
        var names = new HashSet<String>();
        headers.forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("header '" + name + "' has a character that headers cannot have");
            }
            String key = name.toLowerCase(Locale.ROOT);
            if (THE_CLIENTS_OWN.contains(key)) {
                throw new IllegalArgumentException("header '" + name + "' is set by the client");
            }
            if (!names.add(key)) {
                throw new IllegalArgumentException("header '" + name + "' is there twice");
            }
        });
    }

    /** A request without headers and body. */
    public static HttpRequest of(String method, URI uri) {
        return new HttpRequest(method, uri, Map.of(), null, TIMEOUT, MAX_BYTES, Set.of(), "", null);
    }

    /** Gets a resource. */
    public static HttpRequest get(URI uri) {
        return of("GET", uri);
    }

    /** Posts a form, {@code application/x-www-form-urlencoded} in UTF-8. */
    public static HttpRequest postForm(URI uri, Map<String, String> fields) {
        return of("POST", uri).body("application/x-www-form-urlencoded", encode(fields));
    }

    /** Posts a JSON object. */
    public static HttpRequest postJson(URI uri, JsonObject body) {
        return of("POST", uri).body("application/json", body.toJson());
    }

    /** The body to send; null: none. */
    @Override
    public byte @Nullable [] body() {
        return body == null ? null : body.clone();
    }

    /** This request with a header set. */
    public HttpRequest header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, value);
        return new HttpRequest(method, uri, more, body, timeout, maxBytes, expected, hidden, into);
    }

    /** This request with a body, sent in UTF-8, and its {@code Content-Type}. */
    public HttpRequest body(String contentType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new HttpRequest(method, uri, headers, bytes, timeout, maxBytes, expected, hidden)
                .header("Content-Type", contentType);
    }

    /** This request with an access token (RFC 6750). */
    public HttpRequest bearer(String accessToken) {
        return header("Authorization", "Bearer " + accessToken.strip());
    }

    /** This request with a name and a password, in UTF-8 (RFC 7617). */
    public HttpRequest basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** This request with one more parameter in its query, encoded; a null value adds none. */
    public HttpRequest query(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        String text = uri.toString();
        String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment();
        String before = text.substring(0, text.length() - fragment.length());
        String query = uri.getRawQuery();
        String separator = query == null ? "?" : query.isEmpty() ? "" : "&";
        URI extended = URI.create(before + separator + encode(Map.of(name, value.toString())) + fragment);
        return new HttpRequest(method, extended, headers, body, timeout, maxBytes, expected, hidden, into);
    }

    public HttpRequest timeout(Duration timeout) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes, expected, hidden, into);
    }

    public HttpRequest maxBytes(long maxBytes) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes, expected, hidden, into);
    }

    /**
     * This request with other expected statuses: {@link Http#send} returns their responses instead of throwing
     * failures, since their bodies have more details. They replace earlier ones.
     */
    public HttpRequest expecting(Integer... statuses) {
        return new HttpRequest(
                method, uri, headers, body, timeout, maxBytes, Set.copyOf(Arrays.asList(statuses)), hidden, into);
    }

    /**
     * This request with a secret that no message, log, exception or recording is to show.
     *
     * @param secret as it stands in the request; in its path, encoded
     */
    public HttpRequest hiding(String secret) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes, expected, secret, into);
    }

    /**
     * This request with a file for the body of its response.
     *
     * @param file an existing one, whose content is replaced; null: the body is kept in memory, {@link #maxBytes} at
     *     most 512 MB
     * @param maxBytes largest body, decompressed; one with another status than 2xx is kept in memory, 32 MB at most
     */
    public HttpRequest into(@Nullable Path file, long maxBytes) {
        return new HttpRequest(method, uri, headers, body, timeout, maxBytes, expected, hidden, file);
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
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = hidden.isEmpty() ? uri.getRawPath() : uri.getRawPath().replace(hidden, "***");
        return method + " " + uri.getScheme() + "://" + uri.getHost() + port + path;
    }
}
