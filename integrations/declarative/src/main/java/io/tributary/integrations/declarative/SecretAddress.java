package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A URL that is a secret, such as that of an incoming webhook: who knows it can post. Messages show its host alone.
 *
 * @param origin scheme, host and port
 * @param path as it is sent, without a slash at its end; at least one character besides the first slash
 * @param query as it is sent; empty: none
 */
record SecretAddress(String origin, String path, String query) {

    /** @throws IllegalArgumentException when it is no such URL; the message may quote it */
    static SecretAddress of(String url) {
        URI uri = URI.create(url.strip());
        HttpRequest.get(uri);
        String path = uri.getRawPath().replaceAll("/+$", "");
        if (path.length() < 2) {
            throw new IllegalArgumentException("it has no path");
        }
        return new SecretAddress(
                uri.getScheme() + "://" + uri.getRawAuthority(),
                path,
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    /** The parameters that the URL has are added to a request, and its path is hidden. */
    HttpRequest on(HttpRequest request) {
        HttpRequest its = request.hiding(path);
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] pair = parameter.split("=", 2);
            its = its.query(decoded(pair[0]), pair.length == 1 ? "" : decoded(pair[1]));
        }
        return its;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return origin;
    }
}
