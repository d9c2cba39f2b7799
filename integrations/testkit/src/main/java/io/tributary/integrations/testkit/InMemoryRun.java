package io.tributary.integrations.testkit;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * What a run did: the initial task of the first sync type and all its follow-ups, executed one after the other as the
 * engine orders them. A transient failure is tried again at once, up to the manifest's attempts; any other failure,
 * also one that asks to wait, ends its task and not the run.
 *
 * @param tasks the tasks that ended well, in order
 * @param outputs what they returned, in order
 * @param failures of the tasks that did not, in order
 * @param state the run's sync state with the patches of all tasks that ended well
 */
public record InMemoryRun(List<Task> tasks, List<Output> outputs, List<TaskFailure> failures, JsonObject state) {

    /** Most outputs and most tasks one result may have. */
    private static final int MAX_ITEMS = 10_000;

    public InMemoryRun {
        tasks = List.copyOf(tasks);
        outputs = List.copyOf(outputs);
        failures = List.copyOf(failures);
    }

    /** Whether every task ended well: only then the account takes on the state. */
    public boolean succeeded() {
        return failures.isEmpty();
    }

    /** The tasks of a type that ended well. */
    public List<Task> tasks(String type) {
        return tasks.stream().filter(task -> task.type().equals(type)).toList();
    }

    /** The codes of the failures. */
    public List<String> failureCodes() {
        return failures.stream().map(TaskFailure::code).toList();
    }

    static InMemoryRun of(Integration integration, TestContext context) throws InterruptedException {
        return new Engine(integration, context).run();
    }

    private static final class Engine {
        private final Integration integration;
        private final Manifest manifest;
        private final TestContext context;
        private final PriorityQueue<Waiting> waiting =
                new PriorityQueue<>(Comparator.comparingInt(Waiting::priority).thenComparingInt(Waiting::sequence));
        private final List<Task> done = new ArrayList<>();
        private final List<Output> outputs = new ArrayList<>();
        private final List<TaskFailure> failures = new ArrayList<>();
        private JsonObject state;
        private int spawned;

        Engine(Integration integration, TestContext context) {
            this.integration = integration;
            this.manifest = integration.manifest();
            this.context = context;
            this.state = context.syncState();
        }

        InMemoryRun run() throws InterruptedException {
            add(new FollowUp(manifest.syncTypes().getFirst().initialTask(), JsonObject.EMPTY));
            for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
                execute(next);
            }
            return new InMemoryRun(done, outputs, failures, state);
        }

        private void execute(Waiting next) throws InterruptedException {
            var taskContext = context.withSyncState(state).withIdempotencyKey("task-" + next.sequence);
            for (int attempt = 1; ; attempt++) {
                var task = new Task(next.followUp.type(), next.followUp.payload(), attempt);
                try {
                    accept(task, integration.run(task, taskContext));
                    return;
                } catch (TaskFailure failure) {
                    if (!(failure instanceof TaskFailure.Transient)
                            || attempt >= manifest.limits().attempts()) {
                        failures.add(failure);
                        return;
                    }
                }
            }
        }

        private void accept(Task task, TaskResult result) {
            if (result.outputs().size() > MAX_ITEMS || result.tasks().size() > MAX_ITEMS) {
                throw new AssertionError(
                        task.type() + " returned " + result.outputs().size() + " outputs and "
                                + result.tasks().size() + " tasks; " + MAX_ITEMS + " of each is the most");
            }
            done.add(task);
            outputs.addAll(result.outputs());
            result.tasks().forEach(this::add);
            state = state.patchedWith(result.statePatch());
        }

        private void add(FollowUp followUp) {
            var type = manifest.taskTypes().stream()
                    .filter(declared -> declared.name().equals(followUp.type()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("task type " + followUp.type()
                            + " is not in the manifest, which has "
                            + manifest.taskTypes().stream()
                                    .map(Manifest.TaskType::name)
                                    .collect(Collectors.joining(", "))));
            waiting.add(new Waiting(spawned++, type.priority(), followUp));
        }

        private record Waiting(int sequence, int priority, FollowUp followUp) {}
    }
}
