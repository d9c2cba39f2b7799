package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;

/** A backlog that stays: 20 tasks a second. */
public final class TrickleBacklog extends Backlog {

    public static final String DOMAIN = "bench-trickle";

    private static final int PER_SECOND = 20;

    public TrickleBacklog() {
        super(DOMAIN, Limits.DEFAULT.withConcurrency(PER_SECOND).withRate(PER_SECOND, PER_SECOND));
    }
}
