package io.tributary.scheduler.pauses;

import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.PauseName.Everything;
import io.tributary.scheduler.pauses.PauseName.One;
import io.tributary.scheduler.pauses.PauseName.Platform;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.PauseTable.Which;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Pauses and resumes a user integration, a platform, everything, or one backfill: the scheduler makes and dispatches no
 * runs of it, and the workers start none of its tasks; tasks that execute run to their end.
 *
 * <p>An operator pauses a platform as a whole, with all its present and later accounts. A user pauses each of their own
 * accounts of the platform. Only operators can resume what an operator paused.
 */
@Component
public record Pauses(
        PauseTable table,
        TransactionOperations transaction,
        Accounts accounts,
        Manifests manifests,
        CommandWorkers commandWorkers,
        PauseBackfill pauseBackfill,
        Clock clock) {

    /** Most names of a list of pauses. */
    private static final int MAX_LISTED = 1_000;

    /**
     * The result of a pause or of its end.
     *
     * @param userIntegrations number of user integrations that were paused or resumed one by one, 0 for a backfill;
     *     null: all, present and later
     */
    public record Changed(
            String name, boolean paused, @Nullable Long userIntegrations) {}

    /** Pauses; does nothing to a target that is already paused. */
    public Changed pause(String name, Caller caller) {
        return switch (PauseName.parse(name)) {
            case Everything() when caller.operator() -> pauseAsAWhole(name, "everything", caller);
            case Platform(var domain) when caller.operator() -> pauseAsAWhole(require(domain), "platform", caller);
            case Everything() -> new Changed(name, true, pauseEach(Which.ALL, caller));
            case Platform(var domain) -> new Changed(name, true, pauseEach(ofPlatform(domain), caller));
            case One(var id) when pauseEach(new Which(id, null), caller) > 0 -> new Changed(name, true, 1L);
            case One(var run) -> {
                pauseBackfill.pause(run, caller);
                yield new Changed(name, true, 0L);
            }
        };
    }

    /** Resumes; does nothing to a target that is not paused. Resumed user integrations are due immediately. */
    public Changed resume(String name, Caller caller) {
        return switch (PauseName.parse(name)) {
            case Everything() when caller.operator() -> resumeAsAWhole(name);
            case Platform(var domain) when caller.operator() -> resumeAsAWhole(domain); // also of a deleted one
            case Everything() -> new Changed(name, false, resumeEach(Which.ALL, caller));
            case Platform(var domain) -> new Changed(name, false, resumeEach(ofPlatform(domain), caller));
            case One(var id)
            when accounts.exists(id, caller) -> {
                resumeOne(id, caller);
                yield new Changed(name, false, 1L);
            }
            case One(var run) -> {
                pauseBackfill.resume(run, caller);
                yield new Changed(name, false, 0L);
            }
        };
    }

    /**
     * Ends the pause, if any, of a user integration that is set active.
     *
     * @throws ApiException when an operator paused it and the caller is not an operator
     */
    public void releaseIfPaused(UUID id, Caller caller) {
        if (table.has(id)) {
            resumeOne(id, caller);
        }
    }

    private void resumeOne(UUID id, Caller caller) {
        if (resumeEach(new Which(id, null), caller) == 0) {
            throw pausedByOperator();
        }
    }

    static ApiException pausedByOperator() {
        return new ApiException(Problem.of(
                HttpStatus.CONFLICT, "polling.pausedByOperator", "An operator paused this. Ask one to resume it."));
    }

    /** @throws ApiException when the user integration, its platform or everything is paused */
    public void refusePaused(UUID id, String domain) {
        table.find(id, domain).ifPresent(name -> {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "polling.paused",
                    "Nothing is started while '" + name + "' is paused: POST /sync/resume/" + name + " first."));
        });
    }

    /** The pauses that concern the caller: platforms, everything, and those of their own accounts; 1,000 at most. */
    public List<String> names(Caller caller) {
        return table.names(MAX_LISTED, caller);
    }

    private Changed pauseAsAWhole(String name, String kind, Caller caller) {
        table.pauseAsAWhole(name, kind, caller, clock.instant());
        return new Changed(name, true, null);
    }

    private Changed resumeAsAWhole(String name) {
        table.resumeAsAWhole(name);
        return new Changed(name, false, null);
    }

    private Which ofPlatform(String domain) {
        return new Which(null, require(domain));
    }

    private long pauseEach(Which which, Caller caller) {
        return commanding(() -> table.pauseEach(which, caller, clock.instant()));
    }

    private long resumeEach(Which which, Caller caller) {
        return commanding(() -> table.resumeEach(which, caller, clock.instant()));
    }

    private long commanding(LongSupplier change) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            long changed = change.getAsLong();
            commandWorkers.sendSoon();
            return changed;
        }));
    }

    private String require(String domain) {
        if (manifests.find(domain).isEmpty()) {
            throw new ApiException(
                    Problem.of(HttpStatus.NOT_FOUND, Manifests.UNKNOWN, manifests.explainUnknown(domain)));
        }
        return domain;
    }
}
