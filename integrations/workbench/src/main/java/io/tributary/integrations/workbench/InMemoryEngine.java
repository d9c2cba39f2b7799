package io.tributary.integrations.workbench;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Executes a task and all its follow-ups in memory, one after the other in the order of the engine, and keeps the sync
 * state. A result is committed as soon as it is returned, before any of its follow-ups starts. Used once, by one
 * thread.
 */
public final class InMemoryEngine {

    private final Manifest manifest;
    private final Execution execution;
    private final int maxTasks;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingInt(Waiting::priority).thenComparingInt(Waiting::sequence));
    private JsonObject state;
    private int spawned;
    private int done;
    private int failed;

    private record Waiting(int sequence, int priority, FollowUp followUp) {}

    /** Executes a task with whatever attempts it is to have. */
    @FunctionalInterface
    public interface Execution {

        /**
         * Executes one.
         *
         * @param task its first attempt
         * @param idempotencyKey the id of the task
         * @param state the sync state with the patches of the tasks before
         * @return a result that {@link TaskResult#check} has passed
         * @throws TaskFailure when the task is not to be tried again
         */
        TaskResult execute(Task task, String idempotencyKey, JsonObject state) throws TaskFailure, InterruptedException;
    }

    /**
     * The sums of a run.
     *
     * @param left follow-ups that were not executed
     * @param state the sync state with the patches of the tasks that are done
     */
    public record Sum(int done, int failed, int left, JsonObject state) {}

    /**
     * For one run.
     *
     * @param state the sync state that it starts from
     * @param maxTasks how many tasks are executed, 1 and up; 1: no follow-ups
     */
    public InMemoryEngine(Manifest manifest, Execution execution, JsonObject state, int maxTasks) {
        if (maxTasks < 1) {
            throw new IllegalArgumentException("maxTasks is " + maxTasks + "; it must be 1 and up");
        }
        this.manifest = manifest;
        this.execution = execution;
        this.state = state;
        this.maxTasks = maxTasks;
    }

    /**
     * Executes a task and its follow-ups.
     *
     * @param first of a type that the manifest declares
     * @param ended called with each task when it has ended and its follow-ups wait, on this thread
     */
    public Sum run(FollowUp first, Consumer<TaskEnd> ended) throws InterruptedException {
        add(first);
        while (!waiting.isEmpty() && done + failed < maxTasks) {
            TaskEnd end = execute(waiting.remove());
            switch (end) {
                case TaskEnd.Failed _ -> failed++;
                case TaskEnd.Done it -> {
                    done++;
                    it.result().tasks().forEach(this::add);
                    state = state.patchedWith(it.result().statePatch());
                }
            }
            ended.accept(end);
        }
        return new Sum(done, failed, waiting.size(), state);
    }

    private TaskEnd execute(Waiting next) throws InterruptedException {
        var task = new Task(next.followUp.type(), next.followUp.payload(), 1);
        long start = System.nanoTime();
        try {
            TaskResult result = execution.execute(task, "task-" + next.sequence, state);
            return new TaskEnd.Done(task, since(start), result);
        } catch (TaskFailure failure) {
            return new TaskEnd.Failed(task, since(start), failure);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void add(FollowUp followUp) {
        int priority = manifest.taskType(followUp.type()).orElseThrow().priority();
        waiting.add(new Waiting(spawned++, priority, followUp));
    }
}
