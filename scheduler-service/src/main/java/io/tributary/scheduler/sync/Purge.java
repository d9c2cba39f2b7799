package io.tributary.scheduler.sync;

import static java.util.Objects.requireNonNull;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.content.RequestPurge;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.runs.CancelRuns;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Empties the queue: cancels live runs and waiting one-off tasks. On request, the content of an account goes as well.
 */
@Component
record Purge(OneOffTable oneOffs, CancelRuns cancelRuns, Accounts accounts, RequestPurge requestPurge, Clock clock) {

    /** Most one-off tasks that one request cancels. */
    static final int MAX_ONE_OFFS = 10_000;

    /**
     * Body that selects the work to purge; if it is left out, all work of the caller is purged, or of all users for an
     * operator.
     *
     * @param platform only of this platform
     * @param userIntegrationId only of this account
     * @param content whether to remove the content of this account as well, which then must be given; default false.
     *     The sinks begin within seconds, and remove a batch at a time
     */
    @Schema(name = "PurgeRequest")
    record Request(
            @Nullable String platform,
            @Nullable UUID userIntegrationId,
            @Nullable Boolean content) {

        static final Request EVERYTHING = new Request(null, null, null);
    }

    /**
     * The purged work; runs end once their worker has received the command.
     *
     * @param runs number of cancelled runs
     * @param oneOffTasks number of cancelled one-off tasks
     * @param content whether the present content of the account will be removed
     * @param more whether there may be more work than one request purges: then repeat the request
     */
    @Schema(name = "PurgeAnswer")
    record Answer(int runs, int oneOffTasks, boolean content, boolean more) {}

    Answer purge(Request request, Caller caller) {
        boolean content = Boolean.TRUE.equals(request.content());
        var violations = new Violations();
        if (request.platform() != null) {
            violations.checkStorable(request.platform(), "/platform");
        }
        violations.check(
                !content || request.userIntegrationId() != null,
                "/userIntegrationId",
                "must name the account of the content");
        violations.throwIfAny();
        if (content) {
            accounts.require(requireNonNull(request.userIntegrationId()), caller);
        }
        // One-off tasks first, so that none of them starts a run in between.
        int cancelled = oneOffs.cancelEach(
                request.userIntegrationId(), request.platform(), MAX_ONE_OFFS, clock.instant(), caller);
        int runs = cancelRuns.purge(request.userIntegrationId(), request.platform(), caller);
        if (content) {
            // Last: outputs of a cancelled run that arrive later are newer than the purge, and few.
            requestPurge.of(requireNonNull(request.userIntegrationId()));
        }
        return new Answer(runs, cancelled, content, runs == CancelRuns.MAX_PURGED || cancelled == MAX_ONE_OFFS);
    }
}
