package io.tributary.schemas.serde;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema registry is, and who asks.
 *
 * @param bases base URLs of its replicas, one or more, each ending in a slash and without credentials
 * @param authorization value of the {@code Authorization} header; null: none
 */
record RegistryAddress(List<URI> bases, @Nullable String authorization) {

    RegistryAddress {
        bases = List.copyOf(bases);
    }

    /**
     * The address that properties tell.
     *
     * @param urls separated by commas; one may hold {@code user:password@} instead of {@code userInfo}
     * @param userInfo {@code user:password}; null: as in the URL, or none
     * @throws ConfigException when one is no http or https URL
     */
    static RegistryAddress of(String urls, @Nullable String userInfo) {
        List<URI> given = List.of(urls.split(",")).stream()
                .map(String::strip)
                .map(RegistryAddress::url)
                .toList();
        String credentials = userInfo != null ? userInfo : given.getFirst().getUserInfo();
        return new RegistryAddress(
                given.stream().map(RegistryAddress::base).toList(),
                credentials == null
                        ? null
                        : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The message is the same, and does not repeat what may hold a password.
        }
        throw new ConfigException("schema.registry.url is not one or more http or https URLs, separated by commas");
    }

    private static URI base(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return URI.create(url.getScheme() + "://" + url.getHost() + port
                + url.getRawPath().replaceAll("/+$", "") + "/");
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return bases.toString();
    }
}
