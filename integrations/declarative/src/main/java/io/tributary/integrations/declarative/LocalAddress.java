package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.declarative.Definition.Access;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Signature;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a next page's URL that a task may carry.
 *
 * @param keyInPath what stands before the paths of requests, with a key in it; empty: nothing
 */
record LocalAddress(Definition definition, TaskContext context, String keyInPath) {

    /** No URL can have braces. */
    private static final String KEY_IN_PATH = "{key}";

    /** A shorter credential looks like an ordinary word. */
    private static final int SHORTEST_SECRET = 8;

    static boolean isSameServer(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** The address with its key again. */
    static String withKey(String local, String keyInPath) {
        return local.replace(KEY_IN_PATH, keyInPath);
    }

    /**
     * Path and query of a URL of an answer: all that is taken of it, for the credentials are for the host of
     * {@code baseUrl} alone. No credential stays in it, since this goes into a task: {@link Provider#followed} adds
     * them again.
     */
    String of(String url, HttpResponse of) throws ExpressionFailure {
        URI target = resolved(url, of);
        String path = target.getRawPath();
        if (path == null || target.getHost() == null || !path.isEmpty() && !path.startsWith("/")) {
            throw noUrl();
        }
        String its = keyInPath.isEmpty() ? path : path.replace(keyInPath, KEY_IN_PATH);
        String query = withoutKeys(target.getRawQuery());
        String local = (its.isEmpty() ? "/" : its) + (query.isEmpty() ? "" : "?" + query);
        if (holdsCredential(local)) {
            throw new ExpressionFailure("The address of the next page has a credential where it cannot be left out.");
        }
        return local;
    }

    private boolean holdsCredential(String local) {
        String decoded = decoded(local);
        return credentials().anyMatch(value -> local.contains(value) || decoded.contains(value));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** The credentials that are too long for an ordinary word. */
    private Stream<String> credentials() {
        return context.credentials().keys().stream()
                .filter(key -> !key.equals("username") && !key.equals("clientId"))
                .flatMap(key -> context.credentials().find(key).stream())
                .map(String::strip)
                .filter(value -> value.length() >= SHORTEST_SECRET);
    }

    private static URI resolved(String url, HttpResponse of) throws ExpressionFailure {
        try {
            return of.resolve(url);
        } catch (IllegalArgumentException e) {
            throw noUrl(); // Without its cause, which quotes the URL, and that may have a key in it.
        }
    }

    private static ExpressionFailure noUrl() {
        return new ExpressionFailure("The address of the next page is no URL.");
    }

    /** All that a request shows: the next request shows it anew. */
    private static Stream<Authentication> shown(Access access) {
        Authentication way = access.way() instanceof Authentication.Session session ? session.shown() : access.way();
        Signature signature = access.signature();
        return signature == null
                ? Stream.of(way)
                : Stream.concat(Stream.of(way, signature.shown()), Stream.ofNullable(signature.timestamp()));
    }

    /** Without the parameter of a key, and without any other that repeats a credential. */
    private String withoutKeys(@Nullable String query) {
        if (query == null) {
            return "";
        }
        List<String> keys = definition.auth().stream()
                .flatMap(LocalAddress::shown)
                .filter(Authentication.KeyInQuery.class::isInstance)
                .map(way -> Provider.encoded(((Authentication.KeyInQuery) way).name()) + "=")
                .toList();
        return Arrays.stream(query.split("&", -1))
                .filter(parameter -> keys.stream().noneMatch(parameter::startsWith))
                .filter(parameter -> !holdsCredential(parameter))
                .collect(Collectors.joining("&"));
    }
}
