package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Limits.SharedBy;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Command;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * NothingLost, NothingTwice, CompletionIsProven and PoisonIsContained of the worker, over random trees of tasks with
 * random limits, quotas, failures, throttling, cancels, duplicates, pauses and crashes. Prints the seed of a failure;
 * {@code -Dengine.seed=N} runs that one alone, {@code -Dengine.seeds=N} so many.
 */
class RandomRunsTest {

    @Test
    void everyRunIsProvenWhateverHappens() {
        Long only = Long.getLong("engine.seed");
        int seeds = Integer.getInteger("engine.seeds", 1_000);
        for (long seed = only == null ? 1 : only; seed <= (only == null ? seeds : only); seed++) {
            try {
                new Story(seed).unfold();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": run again with -Dengine.seed=" + seed, e);
            }
        }
    }

    /** What the tree of a run must come to, whatever happens on the way. */
    private static final class Expected {
        private final Set<String> outputs = new HashSet<>();
        private long tasks;
        private long failed;
        private boolean accomplished;
    }

    private static final class Story {
        private final Random random;
        private final long seed;
        private final HandCrankedWorker worker;
        private final Map<UUID, Task> runs = new HashMap<>();
        private final Set<UUID> cancelled = new HashSet<>();

        Story(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            var limits = Limits.DEFAULT
                    .withConcurrency(1 + random.nextInt(5))
                    .withAttempts(1 + random.nextInt(3), Duration.ofSeconds(1))
                    .withRate(random.nextBoolean() ? Double.POSITIVE_INFINITY : 5 + random.nextInt(50), 3)
                    .withSharedBy(random.nextBoolean() ? SharedBy.PROVIDER_APP : SharedBy.USER_INTEGRATION);
            worker = new HandCrankedWorker(limits, random, this::execute);
            this.attempts = limits.attempts();
        }

        private final int attempts;

        /** What a task does follows from its id and attempt alone, so that an execution after a crash does the same. */
        private Outcome execute(Task task, JsonObject state) {
            // Now and then the provider is not in the mood; that must change nothing.
            if (random.nextInt(4) == 0) {
                worker.quota = new Quota(random.nextInt(30), worker.now().plusMillis(random.nextInt(5_000)));
            } else {
                worker.quota = null;
            }
            if (random.nextInt(12) == 0) {
                return new Outcome.Throttled("test.quota", "Wait.", Duration.ofMillis(random.nextInt(3_000)));
            }
            if (task.getAttempt() <= failuresOf(task)) {
                return new Outcome.Failed(kindOf(task), "test.broken", "It is broken.");
            }
            return completed(
                    task,
                    outputsOf(task),
                    followUpsOf(task),
                    JsonObject.of(task.getTaskId().toString(), 1));
        }

        private Random fateOf(Task task, int aspect) {
            return new Random(seed * 31 + task.getTaskId().hashCode() * 7L + aspect);
        }

        private int failuresOf(Task task) {
            Random fate = fateOf(task, 1);
            return fate.nextInt(4) == 0 ? 1 + fate.nextInt(4) : 0;
        }

        private Outcome.Kind kindOf(Task task) {
            return fateOf(task, 2).nextInt(3) == 0 ? Outcome.Kind.PERMANENT : Outcome.Kind.TRANSIENT;
        }

        private boolean failsForGood(Task task) {
            int failures = failuresOf(task);
            return failures > 0 && (kindOf(task) == Outcome.Kind.PERMANENT || failures >= attempts);
        }

        private int outputsOf(Task task) {
            return fateOf(task, 3).nextInt(3);
        }

        private List<Task> followUpsOf(Task task) {
            int depth = task.getType().length(); // "l", "ll", "lll": one letter a level
            int count = depth >= 4 ? 0 : fateOf(task, 4).nextInt(depth == 1 ? 8 : 4);
            return HandCrankedWorker.followUps(task, task.getType() + "l", count);
        }

        private void count(Task task, Expected expected) {
            expected.tasks++;
            if (failsForGood(task)) {
                expected.failed++;
                return;
            }
            for (int i = 0; i < outputsOf(task); i++) {
                expected.outputs.add(task.getTaskId() + ":" + i);
            }
            expected.accomplished |= outputsOf(task) > 0 || followUpsOf(task).isEmpty();
            followUpsOf(task).forEach(followUp -> count(followUp, expected));
        }

        void unfold() {
            var accounts = new ArrayList<UUID>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                accounts.add(new UUID(seed, i));
            }
            for (int step = 0; step < 60; step++) {
                happen(accounts.get(random.nextInt(accounts.size())));
            }
            accounts.forEach(account -> worker.command(Command.resume, account, null));
            worker.settleFor(Duration.ofMinutes(2));
            runs.forEach(this::verify);
            assertThat(worker.outputs().stream().map(Output::getExternalId))
                    .as("no output twice")
                    .doesNotHaveDuplicates();
            worker.pass(DeathMarks.CALM).settle(); // forgets the marks of tasks that did not come to their end
            assertThat(worker.storedEntries())
                    .as("the store keeps the ids of tasks from outside and nothing else")
                    .isEqualTo(2 * runs.size());
        }

        private void happen(UUID account) {
            switch (random.nextInt(12)) {
                case 0, 1 -> {
                    if (runs.size() < 6) {
                        var task = Task.newBuilder(initialTask(account, new UUID(seed, 1000 + runs.size())))
                                .setType("l")
                                .build();
                        runs.put(task.getRunId(), task);
                        worker.publish(task);
                    }
                }
                case 2 -> runs.values().stream().findAny().ifPresent(worker::publish);
                case 3 -> worker.commit();
                case 4 -> worker.crash();
                case 5 -> {
                    if (random.nextInt(6) == 0 && !runs.isEmpty()) {
                        var run = List.copyOf(runs.values()).get(random.nextInt(runs.size()));
                        cancelled.add(run.getRunId());
                        worker.command(Command.cancel_run, run.getUserIntegrationId(), run.getRunId());
                    }
                }
                case 6 -> worker.command(random.nextBoolean() ? Command.pause : Command.resume, account, null);
                case 7 -> worker.pass(Duration.ofMillis(random.nextInt(2_000)));
                case 8 -> worker.execute();
                default -> worker.turn();
            }
        }

        private void verify(UUID runId, Task initial) {
            var expected = new Expected();
            count(initial, expected);
            List<RunProgress> ends = worker.progress(runId).stream()
                    .filter(progress -> progress.getStatus() != RunStatus.running)
                    .toList();
            RunProgress last = ends.getFirst();
            assertThat(last.getCompleted() + last.getFailed())
                    .as("the sums of " + last)
                    .isEqualTo(last.getSpawned() + 1);
            assertThat(ends.stream().skip(1))
                    .as("one end, and answers to a cancel after it")
                    .allMatch(answer -> cancelled.contains(runId) && answer.getStatus() == RunStatus.cancelled);
            Set<String> outputs = new HashSet<>();
            worker.outputs().stream()
                    .filter(output -> output.getRunId().equals(runId))
                    .forEach(output -> outputs.add(output.getExternalId()));
            assertThat(last.getOutputs()).as("outputs told").isEqualTo(outputs.size());
            if (last.getStatus() == RunStatus.cancelled) {
                assertThat(cancelled).contains(runId);
                assertThat(expected.outputs).containsAll(outputs);
                return;
            }
            assertThat(outputs).as("outputs").isEqualTo(expected.outputs);
            assertThat(last.getSpawned() + 1).as("tasks").isEqualTo(expected.tasks);
            assertThat(last.getFailed()).as("failed").isEqualTo(expected.failed);
            assertThat(last.getStatus())
                    .isEqualTo(
                            expected.failed == 0
                                    ? RunStatus.succeeded
                                    : expected.accomplished ? RunStatus.partial : RunStatus.failed);
        }
    }
}
