package io.tributary.worker.execution;

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
import io.tributary.worker.Json;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.plugins.Plugin;
import io.tributary.worker.plugins.Plugins;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Executes a task: integration, account, plugin, result. Whatever goes wrong on the way is an outcome with a code; what
 * is wrong on our own side (no database) costs the task no attempt.
 */
public final class ExecuteTask implements TaskExecution {

    private static final Logger LOG = LoggerFactory.getLogger(ExecuteTask.class);
    private static final Duration DATABASE_REST = Duration.ofSeconds(2);
    private static final Duration LONGEST_REST = Duration.ofHours(24);
    private static final int STACK_CHARACTERS = 8_000;

    /** The credentials cannot be opened. */
    static final Outcome.Failed UNREADABLE = new Outcome.Failed(
            Outcome.Kind.UNAUTHORIZED,
            "polling.credentialsUnreadable",
            "The credentials do not open with this worker's key: check that it has the scheduler's keyset, "
                    + "then connect the account again.");

    /** There is nobody any more to execute a task for. */
    static final Outcome GONE =
            permanent("polling.userIntegrationNotFound", "The user integration does not exist any more.");

    private final Plugins plugins;
    private final Accounts accounts;
    private final KeepAccess access;
    private final PrepareResult prepareResult;
    private final Outside outside;
    private final Clock clock;

    public ExecuteTask(
            Plugins plugins,
            ReadAccount readAccount,
            RenewAccess renewAccess,
            PrepareResult prepareResult,
            Outside outside,
            Clock clock) {
        this.plugins = plugins;
        this.accounts = new Accounts(readAccount);
        this.access = new KeepAccess(renewAccess, accounts, clock);
        this.prepareResult = prepareResult;
        this.outside = outside;
        this.clock = clock;
    }

    @Override
    public Outcome execute(Task task, JsonObject syncState, Consumer<Quota> quota) throws InterruptedException {
        Plugin plugin = plugins.find(task.getDomain()).orElse(null);
        if (plugin == null) {
            return plugins.failureOf(task.getDomain());
        }
        if (task.getType().equals(RunAgain.TASK_TYPE)) {
            return prepareResult.prepare(plugin, task, TaskResult.ofTasks(UnfoldTasks.of(task)));
        }
        boolean renews = task.getType().equals(RefreshAccess.TASK_TYPE);
        if (!isReserved(task.getType()) && plugin.taskType(task.getType()).isEmpty()) {
            return permanent(
                    "polling.invalidTaskType",
                    "The integration " + task.getDomain() + " has no task type " + task.getType() + "; it has "
                            + plugin.taskTypeNames() + ".");
        }
        try {
            Optional<Account> account = accounts.find(task.getUserIntegrationId(), task.getRunId());
            if (account.isEmpty()) {
                return GONE;
            }
            return renews
                    ? renew(plugin, task, account.get())
                    : runWithAccess(plugin, task, syncState, account.get(), quota);
        } catch (GeneralSecurityException e) {
            return UNREADABLE;
        } catch (DataAccessException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(e);
            }
            LOG.warn(
                    "polling.databaseUnavailable: cannot read the account userIntegrationId={}",
                    task.getUserIntegrationId(),
                    e);
            return new Outcome.Throttled(
                    "polling.databaseUnavailable", "The worker cannot reach its database.", DATABASE_REST);
        }
    }

    /** Whether it is a task of every integration, that none declares. */
    private static boolean isReserved(String taskType) {
        return switch (taskType) {
            case RefreshAccess.TASK_TYPE, TryAccount.TASK_TYPE, ConnectAccount.TASK_TYPE -> true;
            default -> false;
        };
    }

    /** The system task: it has no result but renewed credentials. */
    private Outcome renew(Plugin plugin, Task task, Account account) throws InterruptedException {
        return switch (access.ahead(plugin.manifest(), task.getUserIntegrationId(), account)) {
            case KeepAccess.Given _ -> prepareResult.prepare(plugin, task, TaskResult.nothing());
            case KeepAccess.Withheld(var outcome) -> outcome;
        };
    }

    private Outcome runWithAccess(
            Plugin plugin, Task task, JsonObject syncState, Account account, Consumer<Quota> quota)
            throws InterruptedException {
        return switch (access.beforeTask(plugin.manifest(), task.getUserIntegrationId(), account)) {
            case KeepAccess.Withheld(var outcome) -> outcome;
            case KeepAccess.Given(var given) -> {
                Outcome outcome = run(plugin, task, syncState, given, quota);
                yield outcome instanceof Outcome.Failed failed && failed.kind() == Outcome.Kind.UNAUTHORIZED
                        ? runOnceMore(plugin, task, syncState, given, quota, outcome)
                        : outcome;
            }
        };
    }

    /** Within the same attempt, with another access token; when that is refused as well, it is not the token's age. */
    private Outcome runOnceMore(
            Plugin plugin, Task task, JsonObject syncState, Account refused, Consumer<Quota> quota, Outcome refusal)
            throws InterruptedException {
        var other = access.afterRefusal(plugin.manifest(), task.getUserIntegrationId(), refused);
        return switch (other.orElse(new KeepAccess.Withheld(refusal))) {
            case KeepAccess.Withheld(var outcome) -> outcome;
            case KeepAccess.Given(var given) -> run(plugin, task, syncState, given, quota);
        };
    }

    private Outcome run(Plugin plugin, Task task, JsonObject syncState, Account account, Consumer<Quota> quota)
            throws InterruptedException {
        try {
            if (task.getType().equals(ConnectAccount.TASK_TYPE)) {
                return connect(plugin, task, account, quota);
            }
            var context = new ExecutionContext(
                    task,
                    account,
                    syncState,
                    RunOptions.read(Json.readObject(task.getOptions())),
                    outside,
                    clock,
                    quota);
            boolean trial = task.getType().equals(TryAccount.TASK_TYPE);
            TaskResult result = plugin.run(
                    new io.tributary.integrations.api.Task(
                            trial ? plugin.initialTask(task.getSyncType()) : task.getType(),
                            Json.readObject(task.getPayload()),
                            task.getAttempt()),
                    context);
            return prepareResult.prepare(plugin, task, trial ? TaskResult.nothing() : result);
        } catch (InterruptedException e) {
            throw e;
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (RetriableException e) {
            throw e; // The registry is away: no fault of the integration, which cannot throw this.
        } catch (TaskFailure failure) {
            return outcomeOf(failure);
        } catch (VirtualMachineError | Exception e) {
            return unexpected(task, e);
        } catch (LinkageError e) {
            return permanent("polling.integrationLoadFailed", "The integration is broken: " + e);
        }
    }

    /** Asks whose account it is: with config and credentials alone, which is what the answer is about. */
    private Outcome connect(Plugin plugin, Task task, Account account, Consumer<Quota> quota)
            throws TaskFailure, InterruptedException {
        var context = new ExecutionContext(task, account, JsonObject.EMPTY, Options.NONE, outside, clock, quota);
        return ReportAccount.of(plugin.connect(context), account.credentials());
    }

    /** What others wrapped, as itself again; the flag that they restored is taken back. */
    private static InterruptedException interrupted(RuntimeException wrapped) {
        Thread.interrupted();
        var interrupted = new InterruptedException();
        interrupted.initCause(wrapped);
        return interrupted;
    }

    private static Outcome outcomeOf(TaskFailure failure) {
        String stack = failure.getCause() == null ? null : stackOf(failure);
        return switch (failure) {
            case TaskFailure.RetryLater later ->
                new Outcome.Throttled(
                        later.code(),
                        later.reason(),
                        later.after().compareTo(LONGEST_REST) > 0 ? LONGEST_REST : later.after());
            case TaskFailure.Transient it -> failed(Outcome.Kind.TRANSIENT, it, stack);
            case TaskFailure.Unauthorized it -> failed(Outcome.Kind.UNAUTHORIZED, it, stack);
            case TaskFailure.Misconfigured it -> failed(Outcome.Kind.MISCONFIGURED, it, stack);
            case TaskFailure.Permanent it -> failed(Outcome.Kind.PERMANENT, it, stack);
        };
    }

    private static Outcome failed(Outcome.Kind kind, TaskFailure failure, @Nullable String stack) {
        return new Outcome.Failed(kind, failure.code(), failure.reason(), stack, null);
    }

    private static Outcome unexpected(Task task, Throwable thrown) {
        LOG.error(
                "polling.taskExecutionFailed: the integration threw userIntegrationId={} runId={} taskId={}"
                        + " taskType={} attempt={}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                task.getAttempt(),
                thrown);
        // The text of a foreign exception may quote a request, so it goes to the worker's log only.
        return new Outcome.Failed(
                Outcome.Kind.TRANSIENT,
                "polling.taskExecutionFailed",
                "The integration " + task.getDomain() + " failed unexpectedly ("
                        + thrown.getClass().getSimpleName() + "); the worker's log has the trace.",
                stackOf(thrown),
                null);
    }

    private static Outcome permanent(String code, String message) {
        return new Outcome.Failed(Outcome.Kind.PERMANENT, code, message);
    }

    private static String stackOf(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() <= STACK_CHARACTERS
                ? text.toString()
                : text.getBuffer().substring(0, STACK_CHARACTERS);
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
    public void forget(UUID userIntegrationId) {
        access.forget(userIntegrationId);
    }
}
