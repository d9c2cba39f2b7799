package io.tributary.deploy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/**
 * Schemas of custom resources: Strimzi's are its own; those of KEDA, the Prometheus operator and CloudNativePG are not
 * published as artifacts of Maven, so {@code custom-schemas/} has the fields that we use, by hand.
 */
final class CustomSchemas {

    private CustomSchemas() {}

    /** By apiVersion and kind. */
    static Map<String, Schema> all() {
        var schemas = new HashMap<String, Schema>();
        StrimziSchemas.all().forEach((type, schema) -> schemas.put(type, schema(schema)));
        try {
            for (var file : new PathMatchingResourcePatternResolver().getResources("classpath:custom-schemas/*.yaml")) {
                Map<String, Object> content =
                        Manifest.asMap(new Yaml().<Object>load(file.getContentAsString(StandardCharsets.UTF_8)));
                content.forEach((type, schema) -> schemas.put(type, schema(Manifest.asMap(schema))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }

    private static Schema schema(Map<String, Object> openApi) {
        var whole = new LinkedHashMap<>(Manifest.asMap(strict(openApi)));
        var properties = new LinkedHashMap<>(Manifest.asMap(whole.get("properties")));
        properties.put("apiVersion", Map.of("type", "string"));
        properties.put("kind", Map.of("type", "string"));
        properties.put("metadata", Map.of("type", "object"));
        whole.put("properties", properties);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JsonMapper.shared().valueToTree(whole));
    }

    /** The server drops fields that are not among the properties; here they are errors. */
    private static Object strict(Object part) {
        if (part instanceof List<?> list) {
            return list.stream().map(CustomSchemas::strict).toList();
        }
        if (!(part instanceof Map<?, ?>)) {
            return part;
        }
        var result = new LinkedHashMap<String, Object>();
        Manifest.asMap(part).forEach((key, value) -> {
            // Names of fields, rather than keywords, are below `properties`.
            result.put(key, key.equals("properties") ? fields(Manifest.asMap(value)) : strict(value));
        });
        boolean open = Boolean.TRUE.equals(result.get("x-kubernetes-preserve-unknown-fields"));
        if (result.containsKey("properties") && "object".equals(result.get("type")) && !open) {
            result.putIfAbsent("additionalProperties", false);
        }
        if (Boolean.TRUE.equals(result.get("x-kubernetes-int-or-string"))) {
            result.put("type", List.of("integer", "string"));
        }
        return result;
    }

    private static Map<String, Object> fields(Map<String, Object> properties) {
        var result = new LinkedHashMap<String, Object>();
        properties.forEach((name, schema) -> result.put(name, strict(schema)));
        return result;
    }
}
