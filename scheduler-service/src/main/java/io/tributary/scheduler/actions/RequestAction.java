package io.tributary.scheduler.actions;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.accounts.Accounts.State;
import io.tributary.scheduler.actions.EffectTable.Known;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.runs.TriggerRun;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.ManifestDocument.Action;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.ObjectNode;

/** Queues an action that a user requested, after a check of its input. */
@Component
record RequestAction(Work work, Accounts accounts, Manifests manifests, Quotas quotas, Clock clock) {

    private static final String INPUT = "/input";

    /** Longest input as JSON, bytes: a task's payload has 64 KiB, with the key. */
    private static final int MAX_INPUT_BYTES = 60_000;

    /** What a segment of a path may have as it is. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~:@!$'()*+,=-]{1," + RequestedEffect.MAX_KEY + "}");

    /** Queues within a transaction, and publishes after it. */
    @Component
    record Work(QueueEffects queueEffects, EffectTable table, TransactionOperations transaction, Outbox outbox) {}

    /** A queued action: the run that executes it, and the business key of its effect. */
    record Queued(UUID runId, String key) {}

    /**
     * Queues an action; a repeated key returns the run that was queued for it before, also when the account has stopped
     * or the quota is used up since then.
     *
     * @param key null: a new one
     * @throws ApiException when there is no such account or action, the input is invalid, or the account cannot act
     */
    Queued request(UUID id, String action, @Nullable String key, @Nullable ObjectNode input, Caller caller) {
        Account account = accounts.require(id, caller);
        check(manifests.require(account.integrationDomain()), action, key, input);
        var effect = new RequestedEffect(
                action,
                key == null ? UUID.randomUUID().toString() : key,
                Objects.requireNonNull(input).toString());
        Queued queued = Objects.requireNonNull(work.transaction().execute(_ -> queue(id, effect, caller)));
        work.outbox().dispatchSoon(List.of(queued.runId()));
        return queued;
    }

    private Queued queue(UUID id, RequestedEffect effect, Caller caller) {
        State state = accounts.find(id, caller);
        Set<UUID> runs = work.queueEffects()
                .queue(state.account(), List.of(effect), clock.instant(), () -> {
                    TriggerRun.refuseStopped(state);
                    quotas.requireOneMore(Quota.LIVE_RUNS, quotas.ownerOf(id));
                })
                .keySet();
        Known known = work.table().requested(id, List.of(effect.key())).get(effect.key());
        if (known != null && !known.action().equals(effect.action())) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "effects.keyOfOtherAction",
                    "The key was used for the action " + known.action() + " of this account. Use another key."));
        }
        return runs.stream()
                .findFirst()
                .map(run -> new Queued(run, effect.key()))
                .orElseThrow(ApiException::notFound);
    }

    private static void check(Manifest manifest, String action, @Nullable String key, @Nullable ObjectNode input) {
        var schema = manifest.inputChecks().get(action);
        if (schema == null) {
            var names = manifest.actions().stream().map(Action::name).toList();
            throw new ApiException(Problem.of(
                    HttpStatus.NOT_FOUND,
                    "effects.actionNotFound",
                    "The integration " + manifest.domain() + " has no such action"
                            + (names.isEmpty() ? "." : "; it has " + String.join(", ", names) + ".")));
        }
        var violations = new Violations();
        violations.check(
                key == null || KEY.matcher(key).matches(),
                "/key",
                "must be 1 to " + RequestedEffect.MAX_KEY + " letters, digits and characters of -._~:@!$'()*+,=");
        violations.check(
                key == null || !SystemKeys.isOne(key),
                "/key",
                "must not begin as the keys of notifications and invoices do: choose another beginning");
        violations.check(input != null, INPUT, "is missing");
        if (input != null) {
            violations.checkStorable(input, INPUT);
            violations.check(
                    input.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_INPUT_BYTES,
                    INPUT,
                    "must have up to " + MAX_INPUT_BYTES + " bytes as JSON");
            for (var error : schema.validate(input)) {
                violations.add(INPUT + error.getInstanceLocation(), error.getMessage());
            }
        }
        violations.throwIfAny();
    }
}
