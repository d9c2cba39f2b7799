package io.tributary.scheduler.sync;

import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.CancelRuns;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.sync.OneOffTable.NewOneOff;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Accepts, shows and cancels one-off tasks. Each is a row until it starts, so it survives every restart. */
@Component
record OneOffTasks(
        OneOffTable table,
        TransactionOperations transaction,
        Accounts accounts,
        Manifests manifests,
        StartOneOffs start,
        CancelRuns cancelRuns,
        Clock clock) {

    /** Most one-off tasks of a user integration that wait. */
    static final int MAX_WAITING = 1_000;

    /** Longest payload as JSON, characters. */
    private static final int MAX_PAYLOAD = 64 * 1024;

    private static final int MAX_TYPE = 100;

    /** @throws ApiException when the request is invalid, there is no such user integration, or too many wait */
    OneOff queue(OneOffRequest request, Caller caller) {
        Instant now = clock.instant();
        var payload = Objects.requireNonNullElseGet(request.payload(), JsonNodeFactory.instance::objectNode);
        Instant runAt = check(request, payload, now);
        UUID userIntegrationId = Objects.requireNonNull(request.userIntegrationId());
        String type = Objects.requireNonNull(request.type());
        checkType(type, accounts.require(userIntegrationId, caller).integrationDomain());
        var queued = table.insert(new NewOneOff(userIntegrationId, type, payload.toString(), runAt), MAX_WAITING, now)
                .orElseThrow(OneOffTasks::tooMany);
        if (runAt.isAfter(now)) {
            return queued;
        }
        start.run();
        return get(queued.id(), caller);
    }

    /** @throws ApiException when there is no such one-off task */
    OneOff get(UUID id, Caller caller) {
        return table.find(id, caller).orElseThrow(ApiException::notFound);
    }

    /** Newest first. */
    Page<OneOff> list(PageRequest page, Caller caller) {
        page.check();
        var found = table.list(page.afterItem(Cursor.ONE_OFF_TASKS), page.rows(), caller);
        return page.of(found, Cursor.ONE_OFF_TASKS, OneOff::id);
    }

    /** A waiting one-off task never starts; of a started one, the run is cancelled. */
    OneOff cancel(UUID id, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            table.cancel(id, clock.instant(), caller);
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
        violations.checkStorable(payload, "/payload");
        Instant runAt = Times.startOf(request.runAt(), "/runAt", now, violations);
        violations.throwIfAny();
        return runAt;
    }

    private void checkType(String type, String domain) {
        Manifest manifest = manifests.require(domain);
        if (manifest.actions().stream().anyMatch(action -> action.name().equals(type))) {
            throw new ApiException(Problem.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "effects.notATask",
                    type + " is an action, which has a key of its own. POST /v1/user-integrations/{id}/actions/" + type
                            + "."));
        }
        var types = manifest.taskTypes();
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
                MAX_WAITING + " one-off tasks of this account wait already. Retry when some have started."));
    }
}
