package io.tributary.scheduler.addresses;

import io.tributary.scheduler.http.Violation;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The part of a config that decides where, and how well protected, credentials are sent: every address in it, and the
 * keys that the config schema marks with {@code "x-destination": true}, such as a port or whether to encrypt.
 *
 * @param values by JSON pointer
 */
public record Destination(TreeMap<String, JsonNode> values) {

    /** Keyword of a property in a config schema. */
    private static final String MARK = "x-destination";

    private static final Set<String> FORMATS = Set.of("uri", "iri", "hostname", "idn-hostname", "ipv4", "ipv6");

    /** @param config with the defaults of the integration */
    public static Destination of(JsonNode config, JsonNode configSchema) {
        var destination = new Destination(new TreeMap<>());
        config.forEachEntry((key, value) -> {
            JsonNode property = configSchema.path("properties").path(key);
            if (property.path(MARK).asBoolean(false)
                    || FORMATS.contains(property.path("format").asString(""))) {
                destination.values.put(Violation.step(key), value);
            } else {
                destination.add(key, value, Violation.step(key));
            }
        });
        return destination;
    }

    private void add(String key, JsonNode value, String path) {
        if (value.isString()) {
            if (CheckAddress.isAddress(key, value.stringValue())) {
                values.put(path, value);
            }
        } else if (value.isObject()) {
            value.forEachEntry((name, nested) -> add(name, nested, path + Violation.step(name)));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                add(key, value.get(i), path + "/" + i);
            }
        }
    }

    /** The first key, as a JSON pointer, in which another destination differs. */
    public Optional<String> differenceTo(Destination other) {
        var keys = new TreeSet<>(values.keySet());
        keys.addAll(other.values.keySet());
        return keys.stream()
                .filter(key -> !java.util.Objects.equals(values.get(key), other.values.get(key)))
                .findFirst();
    }
}
