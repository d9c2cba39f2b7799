package io.tributary.sink.completion;

import io.tributary.schemas.HealthCheck;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Saves what the end of a run says about the health of its account. Checks always do; a sync only when it contradicts
 * the last check: a success shows that the account works again, a rejection that it does not work any more.
 */
record SaveHealth(Postgres postgres) {

    private static final String HEALTHY = "healthy";

    /** While another check is due, the result is about credentials that are gone. */
    private static final String SAVE = """
        update user_integration
           set health_status = :status, health_code = :code, health_message = :message, health_checked_at = :at
         where id = :userIntegrationId
           and (case when :check then identify_due_at is null else health_status not in (:status, 'unknown') end)\
        """;

    /** Within the transaction that completes the runs, after the status of the accounts has been set. */
    void save(List<RunBatch> ended) {
        postgres.batch(
                SAVE,
                ended.stream()
                        .map(batch -> health(
                                batch.run(), batch.completion().orElseThrow().progress()))
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static Optional<Health> health(Run run, RunProgress end) {
        boolean check = HealthCheck.SYNC_TYPES.contains(run.syncType());
        RunError error = end.getError();
        String status = status(end.getStatus(), error == null ? "" : error.getKind());
        boolean says = check ? status != null : HEALTHY.equals(status) ? run.exclusive() : isRejection(status);
        if (!says) {
            return Optional.empty();
        }
        boolean healthy = HEALTHY.equals(status);
        return Optional.of(new Health(
                run.userIntegrationId(),
                check,
                Objects.requireNonNull(status),
                healthy || error == null ? null : StorableText.of(error.getCode()),
                healthy || error == null ? null : StorableText.of(error.getMessage()),
                end.getAt()));
    }

    private static boolean isRejection(@Nullable String status) {
        return "expired".equals(status) || "misconfigured".equals(status);
    }

    /** Null: the run was cancelled, which says nothing. */
    private static @Nullable String status(RunStatus end, String kind) {
        return switch (end) {
            case succeeded -> HEALTHY;
            case failed, partial, timed_out ->
                switch (kind) {
                    case "unauthorized" -> "expired";
                    case "misconfigured" -> "misconfigured";
                    default -> "unreachable";
                };
            case cancelled, running, unknown -> null;
        };
    }

    private record Health(
            UUID userIntegrationId,
            boolean check,
            String status,
            @Nullable String code,
            @Nullable String message,
            Instant at) {}
}
