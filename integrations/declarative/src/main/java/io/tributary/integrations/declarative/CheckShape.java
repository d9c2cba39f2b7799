package io.tributary.integrations.declarative;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Compares a file with the JSON Schema in this package, which editors use for completion. */
final class CheckShape {

    private static final String SCHEMA = "tributary-integration.schema.json";

    /** A key that differs from one that exists by this many letters was probably meant to be that. */
    private static final int MOST_TYPOS = 2;

    private final YamlFile file;

    private final Schema schema =
            registry().getSchema(Integration.resource(CheckShape.class, SCHEMA), InputFormat.JSON);

    private CheckShape(YamlFile file) {
        this.file = file;
    }

    /** @throws InvalidFileException when the file has another shape */
    static void of(YamlFile file) throws InvalidFileException {
        var check = new CheckShape(file);
        check.schema
                .validate(new JsonObject(file.root()).toJson(), InputFormat.JSON)
                .forEach(check::report);
        check.config();
        file.throwProblems();
    }

    /** The config is a JSON Schema itself: the scheduler has to be able to use it. */
    private void config() {
        Object config = file.root().get("config");
        if (config instanceof Map<?, ?>) {
            try {
                Schema schema = registry().getSchema(Values.json(config), InputFormat.JSON);
                schema.initializeValidators();
            } catch (SchemaException | IllegalArgumentException e) {
                file.reportKey("/config", "this is no JSON Schema: " + e.getMessage());
            }
        }
    }

    static SchemaRegistry registry() {
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .locale(Locale.ENGLISH)
                        .build()));
    }

    private void report(Error error) {
        String at = error.getInstanceLocation().toString();
        String property = error.getProperty();
        switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" ->
                file.reportKey(at + "/" + YamlFile.escaped(property), unknown(property, error));
            case "required", "dependentRequired" -> file.reportKey(at, "'" + property + "' is missing: add it");
            case "enum" -> file.report(at, "it must be one of " + error.getSchemaNode());
            case "const" -> file.report(at, "it must be " + error.getSchemaNode());
            case "if", "then", "else", "allOf" -> {} // The errors in them are reported themselves.
            default -> file.report(at, described(error));
        }
    }

    private String unknown(String property, Error error) {
        Set<String> known = known(error);
        String message = "there is no key '" + property + "' here";
        Optional<String> meant = known.stream()
                .filter(key -> distance(key, property) <= MOST_TYPOS)
                .min(Comparator.comparingInt(key -> distance(key, property)));
        return meant.map(key -> message + "; did you mean '" + key + "'?")
                .orElseGet(() -> known.isEmpty() ? message + ": remove it" : message + "; it can have " + known);
    }

    /** The keys that the schema has where an error was found. */
    private Set<String> known(Error error) {
        return new TreeSet<>(around(error).path("properties").propertyNames());
    }

    /** The schema that has the keyword by which an error was found. */
    private JsonNode around(Error error) {
        String keyword = error.getSchemaLocation().getFragment().toString();
        return schema.getSchemaNode().at(keyword.substring(0, keyword.lastIndexOf('/')));
    }

    /** The description of a schema node explains its pattern. */
    private String described(Error error) {
        String description = around(error).path("description").asString("");
        return switch (error.getKeyword()) {
            case "pattern" ->
                description.isEmpty()
                        ? "it is not as it must be: " + error.getMessage()
                        : "it must be otherwise. " + description;
            case "type" -> "a " + error.getMessage() + (expectsText(error) ? ": write it in quotes" : "");
            case "anyOf" -> "it is not as it must be. " + description;
            default -> error.getMessage();
        };
    }

    private static boolean expectsText(Error error) {
        return error.getSchemaNode().isString()
                && error.getSchemaNode().asString().equals("string")
                && error.getInstanceNode().isValueNode();
    }

    /** How many letters have to be added, removed or replaced (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
