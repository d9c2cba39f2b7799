package io.tributary.pipeline.bench.plugin;

import io.tributary.integrations.api.Limits;

/** A backlog that stays: 20 tasks a second, unless the worker's system property {@value #PER_SECOND} says more. */
public final class TrickleBacklog extends Backlog {

    public static final String DOMAIN = "bench-trickle";
    public static final String PER_SECOND = "bench.trickle-per-second";

    private static final int CONCURRENCY = 50;

    public TrickleBacklog() {
        this(Integer.getInteger(PER_SECOND, 20));
    }

    private TrickleBacklog(int perSecond) {
        super(DOMAIN, Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(perSecond, perSecond));
    }
}
