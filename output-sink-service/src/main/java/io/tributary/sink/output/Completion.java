package io.tributary.sink.output;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the end of a run means for its user integration.
 *
 * <ul>
 *   <li>succeeded: the cursor is the run's, and errors are forgotten
 *   <li>refused ({@code unauthorized}, {@code misconfigured}): expired or in error, and no longer polled
 *   <li>otherwise: cursor and errors stay, and the next run tries again; but a partial run of an integration that
 *       advances past failures sets the cursor
 * </ul>
 *
 * <p>A backfill, a replay or a system run leaves cursor, schedule and a healthy status alone.
 *
 * @param syncState the cursor to set; null: as it is
 * @param syncedAt when it was synced; null: it was not
 * @param syncStatus the status to set, unless paused; null: as it is
 * @param setsError whether error code and message become those given here, null included
 * @param reschedules whether the next sync is set anew
 */
record Completion(
        Run run,
        @Nullable String syncState,
        @Nullable Instant syncedAt,
        @Nullable String syncStatus,
        boolean setsError,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        boolean reschedules) {

    private static final Logger log = LoggerFactory.getLogger(Completion.class);

    static Completion of(Run run, RunProgress progress) {
        String refusal = refusal(progress);
        RunError error = progress.getError();
        if (refusal != null && error != null) {
            return new Completion(
                    run,
                    null,
                    syncedAt(run, progress),
                    refusal,
                    true,
                    StorableText.of(error.getCode()),
                    StorableText.of(error.getMessage()),
                    true);
        }
        if (run.goesBeside()) {
            return new Completion(run, null, null, null, false, null, null, false);
        }
        return progress.getStatus() == RunStatus.succeeded
                ? new Completion(run, cursor(run, progress), syncedAt(run, progress), "active", true, null, null, true)
                : new Completion(
                        run,
                        advancesPastFailures(progress) ? cursor(run, progress) : null,
                        syncedAt(run, progress),
                        null,
                        false,
                        null,
                        null,
                        true);
    }

    private static boolean advancesPastFailures(RunProgress progress) {
        return progress.getStatus() == RunStatus.partial && progress.getAdvancesPastFailures();
    }

    /** What of it concerns the user integration: of a run with a schedule of its own, only that it was refused. */
    Optional<Completion> ofUserIntegration() {
        if (!run.ownSchedule()) {
            return Optional.of(this);
        }
        boolean refused = syncStatus != null && !syncStatus.equals("active");
        return refused
                ? Optional.of(new Completion(run, null, null, syncStatus, true, errorCode, errorMessage, true))
                : Optional.empty();
    }

    /** The status that says who has to act before polling can succeed again; null: nobody. */
    private static @Nullable String refusal(RunProgress progress) {
        RunError error = progress.getError();
        if (error == null || progress.getStatus() == RunStatus.succeeded) {
            return null;
        }
        return switch (error.getKind()) {
            case "unauthorized" -> "expired";
            case "misconfigured" -> "error";
            default -> null;
        };
    }

    private static @Nullable Instant syncedAt(Run run, RunProgress progress) {
        boolean synced = progress.getStatus() == RunStatus.succeeded || progress.getStatus() == RunStatus.partial;
        return synced && !run.goesBeside() ? progress.getAt() : null;
    }

    private static @Nullable String cursor(Run run, RunProgress progress) {
        if (progress.getSyncState() == null) {
            return null;
        }
        Optional<String> cursor = StorableJson.parsed(progress.getSyncState());
        if (cursor.isEmpty()) {
            log.error(
                    "sink.stateUnreadable: a run succeeded with a sync state that is no JSON object; the cursor stays"
                            + " where it was runId={} userIntegrationId={}",
                    run.id(),
                    run.userIntegration().id());
        }
        return cursor.orElse(null);
    }
}
