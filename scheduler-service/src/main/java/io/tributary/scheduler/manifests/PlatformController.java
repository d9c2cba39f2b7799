package io.tributary.scheduler.manifests;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.manifests.Manifest.SyncType;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What can be connected. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class PlatformController {

    private final Manifests manifests;

    PlatformController(Manifests manifests) {
        this.manifests = manifests;
    }

    /**
     * An integration that can be connected.
     *
     * @param domain what a user integration names as its {@code integrationDomain}
     * @param auth kinds of credentials, one of which is needed; empty: none
     * @param configSchema what a config must look like, JSON Schema
     */
    record Platform(
            String domain,
            String displayName,
            String version,
            List<String> auth,
            JsonNode configSchema,
            List<SyncType> syncTypes) {}

    /** All integrations that the workers can run, by domain; never more than one page. */
    @Operation(operationId = "listPlatforms", summary = "List what can be connected")
    @GetMapping("/sync/platforms")
    Page<Platform> list() {
        var platforms = manifests.all().stream()
                .map(manifest -> new Platform(
                        manifest.domain(),
                        manifest.displayName(),
                        manifest.version(),
                        manifest.auth(),
                        manifest.configSchema(),
                        manifest.syncTypes()))
                .toList();
        return new Page<>(platforms, null);
    }
}
