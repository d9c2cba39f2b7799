package io.tributary.sink.output;

import java.util.UUID;

/**
 * What the sink needs to know of a user integration, as of the transaction that locked it.
 *
 * @param syncStatus active, paused, error or expired
 * @param schedule of its default sync type
 */
record UserIntegration(UUID id, String syncStatus, Schedule schedule) {}
