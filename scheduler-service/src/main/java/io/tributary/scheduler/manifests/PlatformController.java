package io.tributary.scheduler.manifests;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The integrations that can be connected. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
record PlatformController(Manifests manifests) {

    /**
     * An integration that can be connected.
     *
     * @param domain the {@code integrationDomain} of its user integrations
     * @param auth kinds of credentials, one of which is needed; empty: none
     * @param configSchema JSON Schema of a config
     */
    record Platform(
            String domain,
            String displayName,
            String version,
            List<String> auth,
            JsonNode configSchema,
            List<SyncType> syncTypes) {}

    /** What can be synced on its own, the type of task that starts a run of it, and how often by default, seconds. */
    record SyncType(String name, String initialTask, long intervalSeconds) {}

    /** Lists all integrations that the workers can run, by domain, on one page. */
    @Operation(operationId = "listPlatforms", summary = "List the integrations that can be connected")
    @GetMapping("/sync/platforms")
    Page<Platform> list() {
        var platforms = manifests.all().stream()
                .map(manifest -> new Platform(
                        manifest.domain(),
                        manifest.displayName(),
                        manifest.version(),
                        manifest.auth(),
                        manifest.configSchema(),
                        manifest.syncTypes().stream()
                                .map(it -> new SyncType(it.name(), it.initialTask(), it.intervalSeconds()))
                                .toList()))
                .toList();
        return new Page<>(platforms, null);
    }
}
