package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;

/** Calls whose provider allows all accounts together {@value #PER_SECOND} a second, and does not say so. */
public final class LimitedCalls extends ProviderCalls {

    public static final String DOMAIN = "bench-limited-calls";
    public static final int PER_SECOND = 50;

    public LimitedCalls() {
        super(
                DOMAIN,
                Limits.DEFAULT
                        .withConcurrency(PER_SECOND)
                        .withRate(PER_SECOND, PER_SECOND)
                        .withSharedBy(Limits.SharedBy.PROVIDER_APP));
    }
}
