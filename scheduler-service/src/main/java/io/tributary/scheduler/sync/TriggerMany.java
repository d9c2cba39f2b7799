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
 * Starts runs of many user integrations because someone asked for it: of all the caller's, or of those of a platform.
 * One request does {@value #MAX_ACCOUNTS} of them; the answer says where the next one goes on.
 */
@Component
class TriggerMany {

    /** User integrations of one request at most: each is a transaction of its own. */
    static final int MAX_ACCOUNTS = 100;

    /** Sync types of one request at most. */
    private static final int MAX_SYNC_TYPES = 20;

    /**
     * Body that triggers many; may be left out.
     *
     * @param platform only those of this platform; default all
     * @param syncType of these sync types, one or a list of them, which a platform is needed for; default the first one
     *     of each platform
     * @param options of each run
     * @param cursor nextCursor of the answer before; default from the first
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
     * What became of it.
     *
     * @param runs those that execute what was asked for
     * @param refused what cannot run as it is
     * @param nextCursor where to go on; null: that were all
     */
    @Schema(name = "TriggerManyAnswer")
    record Answer(
            List<Started> runs,
            List<Refused> refused,
            @Nullable String nextCursor) {}

    /**
     * A run.
     *
     * @param syncType what it syncs; null: the first sync type of its platform
     * @param alreadyRunning it was there before
     */
    record Started(UUID userIntegrationId, @Nullable String syncType, UUID runId, boolean alreadyRunning) {}

    /**
     * A user integration that cannot run as it is.
     *
     * @param code stable, why
     * @param detail for a person
     */
    record Refused(UUID userIntegrationId, String code, String detail) {}

    private final JdbcClient jdbc;
    private final Manifests manifests;
    private final TriggerRun triggerRun;

    TriggerMany(JdbcClient jdbc, Manifests manifests, TriggerRun triggerRun) {
        this.jdbc = jdbc;
        this.manifests = manifests;
        this.triggerRun = triggerRun;
    }

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
        return jdbc.sql("""
            select id from user_integration
            where id > :after and sync_status in ('active', 'error', 'expired') and %s and %s
            order by id limit :limit
            """.formatted(ofPlatform, caller.ownRows("user_id")))
                .param("after", Cursor.TRIGGERS.uuid(request.cursor(), new UUID(0, 0)))
                .param("domain", request.platform())
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", MAX_ACCOUNTS + 1)
                .query(UUID.class)
                .list();
    }
}
