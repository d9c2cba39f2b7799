package io.tributary.standalone.api;

/** The sums that show a run is complete, as {@code GET /v1/sync-runs/{id}/proof} shows them. */
public record Proof(boolean balanced, long spawned, long completed, long failed, long outputs, long rows) {}
