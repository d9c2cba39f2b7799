package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;

/** Calls whose provider counts those of all accounts together and says what is left of its quota. */
public final class MeteredCalls extends ProviderCalls {

    public static final String DOMAIN = "bench-metered-calls";

    private static final int CONCURRENCY = 50;

    public MeteredCalls() {
        super(DOMAIN, Limits.DEFAULT.withConcurrency(CONCURRENCY).withSharedBy(Limits.SharedBy.PROVIDER_APP));
    }
}
