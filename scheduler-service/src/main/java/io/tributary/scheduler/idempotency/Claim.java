package io.tributary.scheduler.idempotency;

/** What comes of a request that brings an Idempotency-Key. */
sealed interface Claim {

    /** It is the first with its key: serve it, and keep its answer. */
    record First() implements Claim {}

    /** It was served before. */
    record Served(KeptAnswer answer) implements Claim {}

    /** The first with its key is being served. */
    record UnderWay() implements Claim {}

    /** The first with its key was another request. */
    record OfAnother() implements Claim {}
}
