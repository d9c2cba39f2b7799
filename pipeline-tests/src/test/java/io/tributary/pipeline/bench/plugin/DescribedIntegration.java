package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;

/** An integration of the benchmarks whose manifest is that of {@link Described}. */
abstract class DescribedIntegration implements Integration {

    private final Manifest manifest;

    DescribedIntegration(String domain, Limits limits, Manifest.TaskType... taskTypes) {
        this.manifest = Described.as(domain, limits, taskTypes);
    }

    @Override
    public Manifest manifest() {
        return manifest;
    }
}
