package io.tributary.scheduler.sync;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.RunOptions;
import io.tributary.scheduler.runs.TriggerRun;
import io.tributary.scheduler.security.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Starts requested runs of many user integrations: of all that the caller may access, or of those of a platform. One
 * request covers {@value #MAX_ACCOUNTS} of them; the response has the cursor for the next request.
 */
@Component
record TriggerMany(JdbcClient jdbc, Manifests manifests, TriggerRun triggerRun) {

    /** Most user integrations of one request; each has its own transaction. */
    static final int MAX_ACCOUNTS = 100;

    /** Most sync types of one request. */
    private static final int MAX_SYNC_TYPES = 20;

    /**
     * Body that triggers many runs; may be left out.
     *
     * @param platform only accounts of this platform; default all
     * @param syncType one sync type or a list of them, only together with a platform; default the default sync type of
     *     each platform
     * @param options options of each run
     * @param cursor nextCursor of the previous response; default the first account
     */
    @Schema(name = "TriggerManyRequest")
    record Request(
            @Nullable String platform,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<@Nullable String> syncType,

            @Nullable RunOptions options,
            @Nullable String cursor) {

        static final Request EMPTY = new Request(null, null, null, null);

        Request with(@Nullable String platform, @Nullable String syncType) {
            return new Request(
                    platform != null ? platform : this.platform,
                    syncType != null ? List.of(syncType) : this.syncType,
                    options,
                    cursor);
        }
    }

    /**
     * The result of a request.
     *
     * @param runs the requested runs
     * @param refused the user integrations that cannot run
     * @param nextCursor cursor of the next request; null: there are no more accounts
     */
    @Schema(name = "TriggerManyAnswer")
    record Answer(
            List<Started> runs,
            List<Refused> refused,
            @Nullable String nextCursor) {}

    /**
     * A run.
     *
     * @param syncType its sync type; null: the default one of its platform
     * @param alreadyRunning whether the run existed before
     */
    record Started(UUID userIntegrationId, @Nullable String syncType, UUID runId, boolean alreadyRunning) {}

    /**
     * A user integration that cannot run.
     *
     * @param code stable code of the reason
     * @param detail the reason, for people
     */
    record Refused(UUID userIntegrationId, String code, String detail) {}

    /** @throws ApiException when there is no such platform or sync type, or the options are invalid */
    Answer trigger(Request request, Caller caller) {
        var options = request.options() == null ? RunOptions.NONE : request.options();
        List<@Nullable String> syncTypes = check(request, options);
        var found = accounts(request, caller);
        var accounts = found.size() > MAX_ACCOUNTS ? found.subList(0, MAX_ACCOUNTS) : found;
        var runs = new ArrayList<Started>();
        var refused = new ArrayList<Refused>();
        for (UUID account : accounts) {
            try {
                for (var syncType : syncTypes) {
                    var triggered = triggerRun.trigger(account, syncType, options, caller);
                    runs.add(new Started(account, syncType, triggered.runId(), triggered.alreadyRunning()));
                }
            } catch (ApiException e) {
                refused.add(new Refused(account, e.problem().code(), e.problem().detail()));
            }
        }
        String next = found.size() > MAX_ACCOUNTS ? Cursor.TRIGGERS.after(accounts.getLast()) : null;
        return new Answer(runs, refused, next);
    }

    private List<@Nullable String> check(Request request, RunOptions options) {
        var violations = new Violations();
        options.toJson(violations);
        var asked = request.syncType() == null ? List.<@Nullable String>of() : request.syncType();
        violations.check(request.platform() != null || request.syncType() == null, "/syncType", "needs a platform");
        violations.check(
                request.syncType() == null || (!asked.isEmpty() && asked.size() <= MAX_SYNC_TYPES),
                "/syncType",
                "must have 1 to " + MAX_SYNC_TYPES + " items");
        violations.throwIfAny();
        String platform = request.platform();
        if (platform == null) {
            return anyType();
        }
        Manifest manifest = manifests
                .find(platform)
                .orElseThrow(() -> new ApiException(
                        Problem.of(HttpStatus.NOT_FOUND, Manifests.UNKNOWN, manifests.explainUnknown(platform))));
        for (String syncType : asked) {
            requireSyncType(manifest, syncType);
        }
        return asked.isEmpty() ? anyType() : asked;
    }

    private static List<@Nullable String> anyType() {
        var any = new ArrayList<@Nullable String>();
        any.add(null);
        return any;
    }

    private static void requireSyncType(Manifest manifest, @Nullable String syncType) {
        var names = manifest.syncTypes().stream().map(type -> type.name()).toList();
        if (syncType == null || !names.contains(syncType)) {
            throw new ApiException(Problem.of(
                    HttpStatus.NOT_FOUND,
                    "polling.syncTypeNotFound",
                    "The integration " + manifest.domain() + " has no such sync type; it has "
                            + String.join(", ", names) + "."));
        }
    }

    private List<UUID> accounts(Request request, Caller caller) {
        String ofPlatform = request.platform() == null ? "true" : "integration_domain = :domain";
        return caller.statement(jdbc, """
            select id from user_integration
            where id > :after and sync_status in ('active', 'error', 'expired') and %s and %s
            order by id limit :limit
            """.formatted(ofPlatform, "%s"), "user_id")
                .param("after", Cursor.TRIGGERS.uuid(request.cursor(), new UUID(0, 0)))
                .param("domain", request.platform())
                .param("limit", MAX_ACCOUNTS + 1)
                .query(UUID.class)
                .list();
    }
}
