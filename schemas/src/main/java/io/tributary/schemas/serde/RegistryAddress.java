package io.tributary.schemas.serde;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The address of a schema registry, with the credentials of the client.
 *
 * @param bases base URLs of its replicas, one or more, each ending in a slash and without credentials
 * @param authorization value of the {@code Authorization} header; null: none
 * @param tls Kafka's settings of TLS, {@code ssl.truststore.location} and so on; empty: the JVM's trust store
 */
record RegistryAddress(List<URI> bases, @Nullable String authorization, Map<String, String> tls) {

    RegistryAddress {
        bases = List.copyOf(bases);
        tls = Map.copyOf(tls);
    }

    /**
     * Reads the address from properties.
     *
     * @param urls separated by commas, without credentials
     * @param userInfo {@code user:password}; null: none
     * @param tls as {@link #tls}
     * @throws ConfigException when one is no http or https URL, or has credentials in it
     */
    static RegistryAddress of(String urls, @Nullable String userInfo, Map<String, String> tls) {
        List<URI> given = List.of(urls.split(",")).stream()
                .map(String::strip)
                .map(RegistryAddress::url)
                .toList();
        return new RegistryAddress(
                given.stream().map(RegistryAddress::base).toList(),
                userInfo == null
                        ? null
                        : "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)),
                tls);
    }

    private static URI url(String text) {
        if (text.contains("@")) {
            throw new ConfigException("schema.registry.url must not hold credentials, since addresses are logged:"
                    + " set basic.auth.user.info to user:password instead");
        }
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
