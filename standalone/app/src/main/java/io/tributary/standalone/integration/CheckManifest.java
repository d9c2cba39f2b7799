package io.tributary.standalone.integration;

import io.tributary.integrations.api.JsonObject;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.worker.codec.Json;
import io.tributary.worker.plugins.ManifestJson;
import io.tributary.worker.plugins.Plugin;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Checks the manifest as a worker announces it, read as the scheduler reads it.
 *
 * @param announced empty: the scheduler would refuse it
 * @param problem why; empty: none
 */
public record CheckManifest(Optional<Manifest> announced, Optional<String> problem) {

    public static CheckManifest of(Plugin plugin) {
        try {
            String json = ManifestJson.of(plugin.manifest(), plugin.connects());
            return new CheckManifest(Optional.of(Manifest.parse(json)), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new CheckManifest(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        } catch (JacksonException e) {
            return new CheckManifest(
                    Optional.empty(), Optional.of("the config schema is no JSON: " + e.getOriginalMessage()));
        }
    }

    /** What is wrong with a config, a line each with its place; empty: it would be taken. */
    public List<String> problemsOf(JsonObject config) {
        return announced.stream()
                .flatMap(manifest -> manifest.configCheck().validate(Json.MAPPER.readTree(Json.write(config))).stream())
                .map(error -> "/config" + error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }
}
