package io.tributary.schemas.serde;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the serde, read from Kafka client properties under Confluent's names.
 *
 * @param registry {@code schema.registry.url}: one or more base URLs, separated by commas; required. With {@code
 *     basic.auth.user.info}: {@code user:password}; default none. With {@code schema.registry.ssl.*}, Kafka's settings
 *     of TLS behind a prefix: the certificates to trust, and those of this client; default the JVM's trust store
 * @param unknownIdWait {@code schema.registry.unknown.id.wait.ms}: how long a schema id that the registry does not know
 *     counts as one that it will know soon, from its first use; 0 and up, default 5 minutes
 * @param autoRegister {@code auto.register.schemas}: register a schema at its first use rather than only look it up;
 *     default true
 * @param useLatest {@code use.latest.version}: write with the subject's latest schema, when not registering; default
 *     false
 * @param specific {@code specific.avro.reader}: read into generated classes rather than generic records; default true
 * @param subjectNames {@code value.subject.name.strategy} or {@code key.subject.name.strategy}; default by record name
 */
record SerdeConfig(
        RegistryAddress registry,
        Duration unknownIdWait,
        boolean autoRegister,
        boolean useLatest,
        boolean specific,
        SubjectNames subjectNames) {

    private static final String TLS_PREFIX = "schema.registry.ssl.";

    /** @throws ConfigException when {@code schema.registry.url} is missing, or a value is not one of those it takes */
    static SerdeConfig of(Map<String, ?> properties, boolean isKey) {
        String urls = text(properties, "schema.registry.url");
        if (urls == null || urls.isBlank()) {
            throw new ConfigException("schema.registry.url is missing: set it to the base URL of the schema registry");
        }
        return new SerdeConfig(
                RegistryAddress.of(urls, userInfo(properties), tls(properties)),
                Duration.ofMillis(number(properties, "schema.registry.unknown.id.wait.ms", 300_000)),
                flag(properties, "auto.register.schemas", true),
                flag(properties, "use.latest.version", false),
                flag(properties, "specific.avro.reader", true),
                SubjectNames.of(
                        text(properties, isKey ? "key.subject.name.strategy" : "value.subject.name.strategy"), isKey));
    }

    private static @Nullable String userInfo(Map<String, ?> properties) {
        String userInfo = text(properties, "basic.auth.user.info");
        return userInfo == null ? text(properties, "schema.registry.basic.auth.user.info") : userInfo;
    }

    private static Map<String, String> tls(Map<String, ?> properties) {
        var tls = new HashMap<String, String>();
        for (String key : properties.keySet()) {
            String value = key.startsWith(TLS_PREFIX) ? text(properties, key) : null;
            if (value != null) {
                tls.put(key.substring(TLS_PREFIX.length() - "ssl.".length()), value);
            }
        }
        return tls;
    }

    private static long number(Map<String, ?> properties, String key, long otherwise) {
        String value = text(properties, key);
        try {
            long number = value == null ? otherwise : Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // As for a negative number.
        }
        throw new ConfigException(key, value, "use a number, 0 and up");
    }

    private static @Nullable String text(Map<String, ?> properties, String key) {
        Object value = properties.get(key);
        return switch (value) {
            case null -> null;
            case List<?> list ->
                String.join(",", list.stream().map(String::valueOf).toList());
            case Class<?> type -> type.getName();
            default -> value.toString();
        };
    }

    private static boolean flag(Map<String, ?> properties, String key, boolean otherwise) {
        String value = text(properties, key);
        return switch (value) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException(key, value, "use true or false");
        };
    }
}
