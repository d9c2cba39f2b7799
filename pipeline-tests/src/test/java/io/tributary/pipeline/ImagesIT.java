package io.tributary.pipeline;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images that {@code ./tributary images} built, where podman is installed. */
class ImagesIT {

    @Test
    void syncReplayAndRestartOnSecuredServers(@TempDir Path folder) throws Exception {
        String version = ProjectVersion.read();
        assumeThat(Containers.havePodman())
                .as("podman is installed: apt install podman runc catatonit")
                .isTrue();
        for (String service : ServicePods.SERVICES) {
            assumeThat(Containers.haveImage(ServicePods.image(service, version)))
                    .as("the image of the " + service + " was built: ./tributary images")
                    .isTrue();
        }

        TryImages.run(version, folder);
    }
}
