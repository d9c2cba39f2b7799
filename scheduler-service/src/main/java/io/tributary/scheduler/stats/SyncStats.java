package io.tributary.scheduler.stats;

import java.time.Instant;

/**
 * Sums of the runs of an integration that ended within five minutes.
 *
 * @param from begin of the five minutes
 * @param runs that ended
 * @param succeeded of these
 * @param tasksCompleted of all runs together
 * @param tasksFailed of all runs together
 * @param outputs of all runs together
 * @param runSeconds of all runs together, each from its first task to its end
 */
record SyncStats(
        String integrationDomain,
        Instant from,
        long runs,
        long succeeded,
        long tasksCompleted,
        long tasksFailed,
        long outputs,
        double runSeconds) {}
