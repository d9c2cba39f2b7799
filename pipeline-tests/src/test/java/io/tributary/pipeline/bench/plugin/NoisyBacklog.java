package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;

/** A backlog that is worked on as fast as its limit allows: {@value #PER_SECOND} tasks a second. */
public final class NoisyBacklog extends Backlog {

    public static final String DOMAIN = "bench-noisy";
    public static final int PER_SECOND = 500;

    private static final int BURST = 50;

    public NoisyBacklog() {
        super(DOMAIN, Limits.DEFAULT.withConcurrency(BURST).withRate(PER_SECOND, BURST));
    }
}
