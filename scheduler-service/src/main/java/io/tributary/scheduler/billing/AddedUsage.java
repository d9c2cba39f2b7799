package io.tributary.scheduler.billing;

/**
 * What became of usage events.
 *
 * @param accepted events that are new
 * @param repeated events that were known by their ids, and changed nothing
 */
record AddedUsage(int accepted, int repeated) {}
