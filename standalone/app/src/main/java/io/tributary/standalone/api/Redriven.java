package io.tributary.standalone.api;

import java.util.List;

/**
 * What driving dead letters again came to.
 *
 * @param tasks queued in runs of their own
 * @param outputs that the sink was asked to apply again
 */
public record Redriven(long tasks, long outputs, List<String> runIds) {}
