package io.tributary.scheduler.sync;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.StorableJson;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.CancelRuns;
import io.tributary.scheduler.runs.SystemRuns;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Takes, shows and cancels one-off tasks. They are rows until they start, so they survive whatever restarts. */
@Component
class OneOffTasks {

    /** The sync type of their runs: one at a time of a user integration, beside its live run. */
    static final String SYNC_TYPE = SystemRuns.ONE_OFF;

    /** One-off tasks of a user integration that wait, at most. */
    static final int MAX_WAITING = 1_000;

    /** How far ahead one can be asked for. */
    private static final Duration MAX_AHEAD = Duration.ofDays(366);

    /** Longest payload as JSON, characters. */
    private static final int MAX_PAYLOAD = 64 * 1024;

    private static final int MAX_TYPE = 100;

    private static final String QUEUE = """
        insert into one_off_task (user_integration_id, user_id, integration_domain, task_type, payload, run_at,
                                  created_at)
        select id, user_id, integration_domain, :type, :payload::jsonb, :runAt, :now
        from user_integration
        where id = :userIntegrationId and (
          select count(*) from one_off_task
          where user_integration_id = :userIntegrationId and run_id is null and cancelled_at is null) < :max
        returning\
        """ + " " + OneOff.COLUMNS;

    private static final String CANCEL = """
        update one_off_task set cancelled_at = :now
        where id = :id and run_id is null and cancelled_at is null and %s
        """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final StartOneOffs start;
    private final CancelRuns cancelRuns;
    private final Clock clock;

    OneOffTasks(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            StartOneOffs start,
            CancelRuns cancelRuns,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.start = start;
        this.cancelRuns = cancelRuns;
        this.clock = clock;
    }

    /** @throws ApiException when the request is invalid, there is no such user integration, or too many wait */
    OneOff queue(OneOffRequest request, Caller caller) {
        Instant now = clock.instant();
        var payload = Objects.requireNonNullElseGet(request.payload(), JsonNodeFactory.instance::objectNode);
        Instant runAt = check(request, payload, now);
        UUID userIntegrationId = Objects.requireNonNull(request.userIntegrationId());
        String type = Objects.requireNonNull(request.type());
        checkType(type, domain(userIntegrationId, caller));
        var queued = jdbc.sql(QUEUE)
                .param("userIntegrationId", userIntegrationId)
                .param("type", type)
                .param("payload", payload.toString())
                .param("runAt", SqlTime.of(runAt))
                .param("now", SqlTime.of(now))
                .param("max", MAX_WAITING)
                .query((row, _) -> OneOff.read(row))
                .optional()
                .orElseThrow(OneOffTasks::tooMany);
        if (runAt.isAfter(now)) {
            return queued;
        }
        start.run();
        return get(queued.id(), caller);
    }

    /** @throws ApiException when there is no such one-off task */
    OneOff get(UUID id, Caller caller) {
        return jdbc.sql("select " + OneOff.COLUMNS + " from one_off_task where id = :id and "
                        + caller.ownRows("user_id"))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> OneOff.read(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** Newest first. */
    Page<OneOff> list(int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        // A cursor is the id of a one-off task: what was asked for before it comes next.
        var found = jdbc.sql("select " + OneOff.COLUMNS + """
             from one_off_task
            where %s and (:after::uuid is null or (created_at, id) <
                          (select created_at, id from one_off_task where id = :after::uuid))
            order by created_at desc, id desc
            limit :limit
            """.formatted(caller.ownRows("user_id")))
                .param("after", cursor == null ? null : Cursor.ONE_OFF_TASKS.uuid(cursor, new UUID(0, 0)))
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", limit + 1)
                .query((row, _) -> OneOff.read(row))
                .list();
        return Page.of(found, limit, last -> Cursor.ONE_OFF_TASKS.after(last.id()));
    }

    /** One that waits does not start; of one that has started, the run is cancelled. */
    OneOff cancel(UUID id, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            jdbc.sql(CANCEL.formatted(caller.ownRows("user_id")))
                    .param("id", id)
                    .param(Caller.PARAMETER, caller.userId())
                    .param("now", SqlTime.of(clock.instant()))
                    .update();
            OneOff oneOff = get(id, caller);
            if (oneOff.runId() != null) {
                cancelRuns.cancel(oneOff.runId(), caller);
            }
            return oneOff;
        }));
    }

    private static Instant check(OneOffRequest request, ObjectNode payload, Instant now) {
        var violations = new Violations();
        violations.check(request.userIntegrationId() != null, "/userIntegrationId", "is missing");
        violations.check(request.type() != null, "/type", "is missing");
        violations.checkText(request.type(), MAX_TYPE, "/type");
        violations.check(
                payload.toString().length() <= MAX_PAYLOAD, "/payload", "must have up to 65536 characters as JSON");
        StorableJson.check(payload, "/payload", violations);
        Instant runAt = request.runAt() == null ? now : parse(request.runAt(), now, violations);
        violations.throwIfAny();
        return runAt;
    }

    private static Instant parse(String runAt, Instant now, Violations violations) {
        try {
            Instant time = OffsetDateTime.parse(runAt).toInstant();
            if (time.isBefore(now.plus(MAX_AHEAD))) {
                return time.isBefore(now) ? now : time;
            }
            violations.add("/runAt", "must be within a year from now");
        } catch (DateTimeParseException _) {
            violations.add("/runAt", "must be an RFC 3339 date-time such as 2026-04-01T12:00:00Z");
        }
        return now;
    }

    private String domain(UUID userIntegrationId, Caller caller) {
        return jdbc.sql("select integration_domain from user_integration where id = :id and "
                        + caller.ownRows("user_id"))
                .param("id", userIntegrationId)
                .param(Caller.PARAMETER, caller.userId())
                .query(String.class)
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    private void checkType(String type, String domain) {
        var types = manifests.require(domain).taskTypes();
        if (types.stream().noneMatch(known -> known.name().equals(type))) {
            throw new ApiException(Problem.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "polling.invalidTaskType",
                    "The integration " + domain + " has no such task type; it has "
                            + String.join(
                                    ", ",
                                    types.stream().map(known -> known.name()).toList()) + "."));
        }
    }

    private static ApiException tooMany() {
        return new ApiException(Problem.of(
                HttpStatus.TOO_MANY_REQUESTS,
                "sync.tooManyOneOffTasks",
                MAX_WAITING + " one-off tasks of this account wait already: ask again when some have started."));
    }
}
