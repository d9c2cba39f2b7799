package io.tributary.standalone.integration;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.plugins.Plugin;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes tasks in memory in the order of the engine, one after the other and each once: it neither waits nor tries
 * again, for a person wants to see the failure. A task has no deadline but the person's patience. Used once, by one
 * thread.
 */
public final class FollowTasks {

    private static final Logger LOG = LoggerFactory.getLogger(FollowTasks.class);

    /**
     * What a run is about.
     *
     * @param syncState what it starts from
     * @param clock what the integration takes for the time
     * @param maxTasks how many tasks are executed, 1 and up; 1: no follow-ups
     */
    public record Run(JsonObject syncState, Options options, Clock clock, int maxTasks) {
        public Run {
            if (maxTasks < 1) {
                throw new IllegalArgumentException("maxTasks is " + maxTasks + "; it must be 1 and up");
            }
        }
    }

    /**
     * What a run came to.
     *
     * @param left follow-ups that were not executed
     * @param state the sync state with the patches of the tasks that ended well
     */
    public record Sum(int done, int failed, int left, JsonObject state) {}

    private final Plugin plugin;
    private final LocalAccount account;
    private final Outside outside;
    private final Run run;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingInt(Waiting::priority).thenComparingInt(Waiting::sequence));
    private JsonObject state;
    private int spawned;
    private int done;
    private int failed;

    private record Waiting(int sequence, int priority, FollowUp followUp) {}

    public FollowTasks(Plugin plugin, LocalAccount account, Outside outside, Run run) {
        this.plugin = plugin;
        this.account = account;
        this.outside = outside;
        this.run = run;
        this.state = run.syncState();
    }

    /**
     * Executes a task, and what follows from it.
     *
     * @param first of a type that the manifest declares
     * @param ended told of each task when it has ended, on this thread
     */
    public Sum from(FollowUp first, Consumer<TaskEnd> ended) throws InterruptedException {
        add(first);
        while (!waiting.isEmpty() && done + failed < run.maxTasks()) {
            TaskEnd end = execute(waiting.remove());
            take(end);
            ended.accept(end);
        }
        return new Sum(done, failed, waiting.size(), state);
    }

    private TaskEnd execute(Waiting next) throws InterruptedException {
        var task = new Task(next.followUp.type(), next.followUp.payload(), 1);
        var context = new LocalContext(account, outside, state, run.options(), run.clock(), "task-" + next.sequence);
        long start = System.nanoTime();
        try {
            TaskResult result = plugin.run(task, context);
            Optional<Failure> breach = breach(result);
            return breach.<TaskEnd>map(failure -> new TaskEnd.Failed(task, since(start), failure))
                    .orElseGet(() -> new TaskEnd.Done(task, since(start), result));
        } catch (TaskFailure failure) {
            return new TaskEnd.Failed(task, since(start), Failure.of(failure));
        } catch (LinkageError e) {
            LOG.error("polling.integrationLoadFailed: the integration does not link taskType={}", task.type(), e);
            return new TaskEnd.Failed(
                    task,
                    since(start),
                    Failure.ofRule("polling.integrationLoadFailed", "It does not link: " + e + "."));
        } catch (VirtualMachineError | RuntimeException e) {
            LOG.error("polling.taskExecutionFailed: the integration threw taskType={}", task.type(), e);
            return new TaskEnd.Failed(task, since(start), Failure.of(e));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Optional<Failure> breach(@Nullable TaskResult result) {
        if (result == null) {
            return Optional.of(
                    Failure.ofRule("polling.taskResultInvalid", "The integration returned null instead of a result."));
        }
        int outputs = result.outputs().size();
        int tasks = result.tasks().size();
        int listed = result.listing().externalIds().size();
        if (outputs > PrepareResult.MAX_OUTPUTS
                || tasks > PrepareResult.MAX_FOLLOW_UPS
                || listed > PrepareResult.MAX_LISTED) {
            return Optional.of(Failure.ofRule(
                    "polling.taskResultTooLarge",
                    "The task returned " + outputs + " outputs and " + tasks + " follow-up tasks, and listed " + listed
                            + " items; the most is " + PrepareResult.MAX_OUTPUTS + ", " + PrepareResult.MAX_FOLLOW_UPS
                            + " and " + PrepareResult.MAX_LISTED + ". Page instead."));
        }
        return result.tasks().stream().flatMap(it -> breach(it).stream()).findFirst();
    }

    private Optional<Failure> breach(FollowUp followUp) {
        if (plugin.taskType(followUp.type()).isEmpty()) {
            return Optional.of(Failure.ofRule(
                    "polling.invalidTaskType",
                    "The task returned a follow-up of type " + followUp.type()
                            + ", which the manifest does not declare; it has " + plugin.taskTypeNames() + "."));
        }
        int length = followUp.payload().toJson().getBytes(StandardCharsets.UTF_8).length;
        return length <= PrepareResult.MAX_PAYLOAD_BYTES
                ? Optional.empty()
                : Optional.of(Failure.ofRule(
                        "polling.taskPayloadTooLarge",
                        "The payload of a follow-up task has " + length + " bytes; the most is "
                                + PrepareResult.MAX_PAYLOAD_BYTES + ". Keep it to ids."));
    }

    private void take(TaskEnd end) {
        switch (end) {
            case TaskEnd.Failed _ -> failed++;
            case TaskEnd.Done it -> {
                done++;
                it.result().tasks().forEach(this::add);
                state = state.patchedWith(it.result().statePatch());
            }
        }
    }

    private void add(FollowUp followUp) {
        int priority = plugin.taskType(followUp.type())
                .map(Manifest.TaskType::priority)
                .orElseThrow();
        waiting.add(new Waiting(spawned++, priority, followUp));
    }
}
