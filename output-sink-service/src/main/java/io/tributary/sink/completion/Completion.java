package io.tributary.sink.completion;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.run.Run;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The effect of a run's end on its account and on the schedule of its sync type. */
sealed interface Completion {

    Logger log = LoggerFactory.getLogger(Completion.class);

    /**
     * The account works: it becomes active, and its error is deleted.
     *
     * @param cursor new cursor; null: the schedule keeps its cursor
     */
    record Succeeded(@Nullable String cursor) implements Completion {}

    /**
     * The run is partial, failed, cancelled or timed out. The status and the error of the account stay, and the next
     * run tries again.
     *
     * @param cursor set only where the integration advances past failures
     * @param synced whether it counts as a sync: a partial run
     * @param failed whether the run brought nothing: further ones in a row wait longer each time
     */
    record Incomplete(@Nullable String cursor, boolean synced, boolean failed) implements Completion {}

    /**
     * The provider rejected the account in a run of any trigger: polling stops until a person acts.
     *
     * @param syncStatus {@code expired} or {@code error}
     */
    record AccountRejected(String syncStatus, RunError error, boolean synced) implements Completion {}

    /** The run was concurrent with the live one: account and schedule stay as they are. */
    record Concurrent() implements Completion {}

    static Completion of(Run run, RunProgress end) {
        RunError error = end.getError();
        boolean succeeded = end.getStatus() == RunStatus.succeeded;
        boolean partial = end.getStatus() == RunStatus.partial;
        boolean synced = partial && run.exclusive();
        if (!succeeded && error != null) {
            switch (error.getKind()) {
                case "unauthorized" -> {
                    return new AccountRejected("expired", error, synced);
                }
                case "misconfigured" -> {
                    return new AccountRejected("error", error, synced);
                }
                default -> {} // no person has to act
            }
        }
        if (!run.exclusive()) {
            return new Concurrent();
        }
        if (succeeded) {
            return new Succeeded(cursor(run, end));
        }
        boolean failed = end.getStatus() == RunStatus.failed || end.getStatus() == RunStatus.timed_out;
        return new Incomplete(advancesPastFailures(end) ? cursor(run, end) : null, synced, failed);
    }

    /**
     * A run that failed as a whole advances past items that can never be read, and never past those that an outage hid.
     */
    private static boolean advancesPastFailures(RunProgress end) {
        RunError error = end.getError();
        boolean itemsOnly = end.getStatus() == RunStatus.failed
                && error != null
                && error.getKind().equals("permanent");
        return end.getAdvancesPastFailures() && (end.getStatus() == RunStatus.partial || itemsOnly);
    }

    private static @Nullable String cursor(Run run, RunProgress end) {
        if (end.getSyncState() == null) {
            return null;
        }
        Optional<String> cursor = StorableJson.parsed(end.getSyncState());
        if (cursor.isEmpty()) {
            log.error(
                    "sink.stateUnreadable: the sync state of a run is no JSON object; the cursor stays where it was"
                            + " runId={} userIntegrationId={}",
                    run.id(),
                    run.userIntegrationId());
        }
        return cursor.orElse(null);
    }
}
