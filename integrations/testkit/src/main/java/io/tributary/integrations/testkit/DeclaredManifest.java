package io.tributary.integrations.testkit;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Manifest;
import java.util.List;
import java.util.ServiceLoader;

/** The manifest of the integration that the service loader finds, and its config schema. */
public record DeclaredManifest(Manifest manifest, Schema configSchema) {

    /**
     * Finds it.
     *
     * @throws IllegalStateException the service loader finds another one first
     */
    public static DeclaredManifest of(Class<? extends Integration> type) {
        try (Integration integration =
                ServiceLoader.load(Integration.class).findFirst().orElseThrow()) {
            if (!type.isInstance(integration)) {
                throw new IllegalStateException("the service loader finds " + integration.getClass());
            }
            Manifest manifest = integration.manifest();
            return new DeclaredManifest(
                    manifest,
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(manifest.configSchema(), InputFormat.JSON));
        }
    }

    /**
     * Returns what is wrong with a config; empty: nothing.
     *
     * @param json with {@code '} in place of its quotes
     */
    public List<Error> problemsOf(String json) {
        return configSchema.validate(json.replace('\'', '"'), InputFormat.JSON);
    }
}
