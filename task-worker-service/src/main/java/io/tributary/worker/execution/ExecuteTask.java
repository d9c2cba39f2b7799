package io.tributary.worker.execution;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.schemas.TryAccount;
import io.tributary.worker.codec.Json;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.EffectPayload;
import io.tributary.worker.engine.LoggedTask;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.plugins.Plugin;
import io.tributary.worker.plugins.Plugins;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Executes a task: integration, account, plugin, result. Every failure is an outcome with a code; a fault of the
 * service itself, such as an outage of the database, costs the task no attempt.
 */
public final class ExecuteTask implements TaskExecution {

    private static final Logger log = LoggerFactory.getLogger(ExecuteTask.class);

    private final Plugins plugins;
    private final Accounts accounts;
    private final AccessTokens access;
    private final PrepareResult prepareResult;
    private final Egress egress;
    private final Clock clock;

    public ExecuteTask(
            Plugins plugins,
            ReadAccount readAccount,
            RenewAccess renewAccess,
            PrepareResult prepareResult,
            Egress egress,
            Clock clock) {
        this.plugins = plugins;
        this.accounts = new Accounts(readAccount);
        this.access = new AccessTokens(renewAccess, accounts, clock);
        this.prepareResult = prepareResult;
        this.egress = egress;
        this.clock = clock;
    }

    @Override
    public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
            throws InterruptedException {
        Optional<Plugin> plugin = plugins.find(task.getDomain());
        if (plugin.isEmpty()) {
            return Outcomes.of(plugins.failureOf(task.getDomain()));
        }
        try (var _ = new LoggedTask(task)) {
            log.debug(
                    "worker.taskStarted: task started userIntegrationId={} runId={} taskId={} taskType={} attempt={}",
                    task.getUserIntegrationId(),
                    task.getRunId(),
                    task.getTaskId(),
                    task.getType(),
                    task.getAttempt());
            return new Execution(plugin.get(), task, effect, syncState, quota).execute();
        } catch (InterruptException e) {
            throw Outcomes.interrupted(e);
        } catch (SerializationException e) {
            return Outcomes.unexpected(task, e);
        } catch (InterruptedException | KafkaException e) {
            throw e; // The registry does not answer, or refuses this worker. An integration cannot throw it.
        } catch (LinkageError e) {
            return effect == null ? Outcomes.broken(task, e) : Outcomes.unexpected(task, e);
        } catch (Throwable e) { // Whatever it is, it ends this attempt, and not the thread that counts it.
            return Outcomes.unexpected(task, e);
        }
    }

    /** The execution of one task. */
    private final class Execution {

        private final Plugin plugin;
        private final Task task;
        private final @Nullable BegunEffect effect;
        private final JsonObject syncState;
        private final Consumer<Quota> quota;

        Execution(Plugin plugin, Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota) {
            this.plugin = plugin;
            this.task = task;
            this.effect = effect;
            this.syncState = syncState;
            this.quota = quota;
        }

        Outcome execute() throws InterruptedException {
            return switch (task.getType()) {
                case RunAgain.TASK_TYPE -> prepare(RunAgainPayload.tasksOf(task), Secrets.NONE);
                // Tasks that every integration has and none declares.
                case RefreshAccess.TASK_TYPE, TryAccount.TASK_TYPE, ConnectAccount.TASK_TYPE -> withAccount();
                default ->
                    plugin.taskType(task.getType()).isEmpty()
                            ? Outcomes.of(plugins.failureOf(plugin, task.getType()))
                            : effect == null && plugin.actions().contains(task.getType()) ? unmarked() : withAccount();
            };
        }

        /** The engine could not read the task of an action, so it did not mark it as begun. */
        private Outcome unmarked() {
            var _ = EffectPayload.of(task); // A payload that no action can read is a failure, and no reason to wait.
            return Outcome.UNMARKED;
        }

        private Outcome withAccount() throws InterruptedException {
            try {
                Optional<Account> account = accounts.find(task.getUserIntegrationId(), task.getRunId());
                if (account.isEmpty()) {
                    return Outcomes.GONE;
                }
                Account given = account.get().withDefaultsOf(plugin.configSchema());
                return given.secrets()
                        .redact(task.getType().equals(RefreshAccess.TASK_TYPE) ? renew(given) : run(given));
            } catch (GeneralSecurityException e) {
                return Outcomes.UNREADABLE;
            } catch (DataAccessException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Outcomes.interrupted(e);
                }
                log.warn(
                        "polling.databaseUnavailable: cannot read the account userIntegrationId={}",
                        task.getUserIntegrationId(),
                        e);
                return Outcomes.DATABASE_UNAVAILABLE;
            }
        }

        /** Executes the system task, whose only result is renewed credentials. */
        private Outcome renew(Account account) throws InterruptedException {
            boolean force = readOptions(Json.readObject(task.getOptions())).force();
            return switch (access.ahead(plugin.manifest(), task.getUserIntegrationId(), account, force)) {
                case Access.Given _ -> prepare(TaskResult.nothing(), account.secrets());
                case Access.Withheld(var outcome) -> outcome;
            };
        }

        private Outcome run(Account account) throws InterruptedException {
            return switch (access.beforeTask(plugin.manifest(), task.getUserIntegrationId(), account)) {
                case Access.Withheld(var outcome) -> withoutEffect(outcome);
                case Access.Given(var given) -> {
                    Outcome outcome = runWith(given);
                    yield outcome instanceof Outcome.Failed failed && failed.kind() == Outcome.Kind.UNAUTHORIZED
                            ? runOnceMore(given, outcome)
                            : outcome;
                }
            };
        }

        /**
         * Executes the task again within the same attempt, with another access token: if the provider rejects that too,
         * its age is not the reason.
         */
        private Outcome runOnceMore(Account rejected, Outcome rejection) throws InterruptedException {
            var other = access.afterRejection(plugin.manifest(), task.getUserIntegrationId(), rejected);
            return switch (other.orElse(new Access.Withheld(rejection))) {
                case Access.Withheld(var outcome) -> withoutEffect(outcome);
                case Access.Given(var given) -> runWith(given);
            };
        }

        /** The integration was not called. */
        private static Outcome withoutEffect(Outcome outcome) {
            return outcome instanceof Outcome.Failed failed ? failed.withoutEffect() : outcome;
        }

        private Outcome runWith(Account account) throws InterruptedException {
            try {
                return account.secrets()
                        .redact(
                                switch (task.getType()) {
                                    case ConnectAccount.TASK_TYPE -> identify(account);
                                    case TryAccount.TASK_TYPE -> {
                                        Optional<String> first = plugin.initialTask(task.getSyncType());
                                        if (first.isPresent()) { // actions are not tried: they have effects
                                            runPlugin(first.get(), account);
                                        }
                                        yield prepare(TaskResult.nothing(), account.secrets());
                                    }
                                    default ->
                                        effect == null
                                                ? prepare(runPlugin(task.getType(), account), account.secrets())
                                                : bringAbout(effect, account);
                                });
            } catch (TaskFailure failure) {
                return account.secrets().redact(Outcomes.of(failure));
            } catch (InterruptException e) {
                throw Outcomes.interrupted(e);
            }
        }

        private TaskResult runPlugin(String taskType, Account account) throws TaskFailure, InterruptedException {
            var options = readOptions(Json.readObject(task.getOptions()));
            return plugin.run(
                    new io.tributary.integrations.api.Task(
                            taskType, account.secrets().fillIn(Json.readObject(task.getPayload())), task.getAttempt()),
                    new ExecutionContext(task, null, account, syncState, options, egress, clock, quota));
        }

        /** Executes an action, or finds out that an earlier execution had its effect. */
        private Outcome bringAbout(BegunEffect begun, Account account) throws TaskFailure, InterruptedException {
            var context = new ExecutionContext(
                    task,
                    new Effect(begun.key(), begun.mayHaveHappened()),
                    account,
                    JsonObject.EMPTY,
                    readOptions(Json.readObject(task.getOptions())),
                    egress,
                    clock,
                    quota);
            return new BringAbout(plugin, begun, context, accounts, prepareResult).execute();
        }

        /** Identifies the account, with config and credentials only. */
        private Outcome identify(Account account) throws TaskFailure, InterruptedException {
            var context =
                    new ExecutionContext(task, null, account, JsonObject.EMPTY, Options.NONE, egress, clock, quota);
            return ReportAccount.of(plugin.identify(context), account.secrets());
        }

        private Outcome prepare(TaskResult result, Secrets secrets) throws InterruptedException {
            return prepareResult.prepare(plugin.manifest(), task, result, secrets);
        }
    }

    /** @throws RuntimeException when a date is not RFC 3339, or the options contradict each other */
    private static Options readOptions(JsonObject options) {
        return options.isEmpty()
                ? Options.NONE
                : new Options(
                        options.text("startDate").map(Instant::parse).orElse(null),
                        options.text("endDate").map(Instant::parse).orElse(null),
                        options.bool("force").orElse(false),
                        options.text("firstSince").map(Instant::parse).orElse(null));
    }

    @Override
    public Limits limitsOf(String domain) {
        return plugins.find(domain).map(plugin -> plugin.manifest().limits()).orElse(Limits.DEFAULT);
    }

    @Override
    public Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
        return plugins.find(domain).flatMap(plugin -> plugin.syncType(syncType));
    }

    @Override
    public Set<String> actionsOf(String domain) {
        return plugins.find(domain).map(Plugin::actions).orElse(Set.of());
    }

    @Override
    public void forget(UUID userIntegrationId) {
        access.forget(userIntegrationId);
    }
}
