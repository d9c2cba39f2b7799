package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.plugin.TreeIntegration;
import io.tributary.pipeline.plugin.TreeNode;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.api.SoftAssertions;
import tools.jackson.databind.json.JsonMapper;

/** What the topics tell about runs, and what it should be by the trees that the runs walk. */
final class RunLedger {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<UUID, Reported> runs = new HashMap<>();

    /** What was told of a run. */
    private static final class Reported {
        private final List<String> outputs = new ArrayList<>();
        private final List<String> deadLetters = new ArrayList<>();
        private final List<RunProgress> finals = new ArrayList<>();
        private final List<String> wrongs = new ArrayList<>();
        private long doneBefore;
    }

    /** What must be told of a run. */
    record Expected(Set<String> outputs, Set<String> deadLetters, long tasks) {

        static Expected of(long seed) {
            var expected = new Expected(new HashSet<>(), new HashSet<>(), 0);
            return new Expected(expected.outputs, expected.deadLetters, expected.walk(new TreeNode(seed, "")));
        }

        private long walk(TreeNode node) {
            switch (node.fate()) {
                case WEARS_OUT -> deadLetters.add(letter(TreeIntegration.WORN_OUT, TreeNode.ATTEMPTS, node.path()));
                case IS_REFUSED -> deadLetters.add(letter(TreeIntegration.REFUSED, 1, node.path()));
                case COMPLETES, RECOVERS -> {
                    outputs.addAll(node.outputs());
                    return 1 + node.children().stream().mapToLong(this::walk).sum();
                }
            }
            return 1;
        }

        RunStatus status() {
            if (deadLetters.isEmpty()) {
                return RunStatus.succeeded;
            }
            return deadLetters.size() == tasks ? RunStatus.failed : RunStatus.partial;
        }
    }

    private static String letter(String code, int attempts, String path) {
        return code + " after " + attempts + " at " + path;
    }

    /** Enters a record, in the order of its partition. */
    void enter(SpecificRecord message) {
        switch (message) {
            case Output output -> {
                Reported run = run(output.getRunId());
                run.outputs.add(output.getExternalId());
                if (!run.finals.isEmpty()) {
                    run.wrongs.add("an output after the end: " + output.getExternalId());
                }
            }
            case RunProgress progress -> enter(run(progress.getRunId()), progress);
            case DeadLetter letter -> {
                if (letter.getTask() == null) {
                    throw new AssertionError("a dead letter without a task: " + letter.getErrorCode());
                }
                String path =
                        JSON.readTree(letter.getTask().getPayload()).get("path").asString();
                run(letter.getTask().getRunId())
                        .deadLetters
                        .add(letter(letter.getErrorCode(), letter.getAttempts(), path));
            }
            default ->
                throw new AssertionError("unexpected " + message.getSchema().getName());
        }
    }

    private static void enter(Reported run, RunProgress progress) {
        long done = progress.getCompleted() + progress.getFailed();
        boolean isOver = done == progress.getSpawned() + 1;
        if (isOver == (progress.getStatus() == RunStatus.running)) {
            run.wrongs.add("the sums do not fit the status: " + progress);
        }
        if (done < run.doneBefore) {
            run.wrongs.add("the sums went back: " + progress);
        }
        if (progress.getOutputs() != run.outputs.size()) {
            run.wrongs.add(run.outputs.size() + " outputs before: " + progress);
        }
        if (!run.finals.isEmpty()) {
            run.wrongs.add("a progress after the end: " + progress);
        }
        run.doneBefore = done;
        if (progress.getStatus() != RunStatus.running) {
            run.finals.add(progress);
        }
    }

    private Reported run(UUID id) {
        return runs.computeIfAbsent(id, _ -> new Reported());
    }

    boolean isOver(UUID run) {
        Reported reported = runs.get(run);
        return reported != null && !reported.finals.isEmpty();
    }

    long outputs() {
        return runs.values().stream().mapToLong(run -> run.outputs.size()).sum();
    }

    void assertNothingLost(Map<UUID, Long> seeds) {
        forEach(
                seeds,
                (softly, run, reported, expected) -> softly.assertThat(reported.outputs)
                        .as("outputs of " + run)
                        .containsAll(expected.outputs()));
    }

    void assertNothingTwice(Map<UUID, Long> seeds) {
        forEach(seeds, (softly, run, reported, expected) -> {
            softly.assertThat(reported.outputs).as("outputs of " + run).doesNotHaveDuplicates();
            softly.assertThat(expected.outputs())
                    .as("outputs there can be of " + run)
                    .containsAll(reported.outputs);
        });
        assertThat(runs.keySet()).as("runs").isEqualTo(seeds.keySet());
    }

    void assertCompletionIsProven(Map<UUID, Long> seeds) {
        forEach(seeds, (softly, run, reported, expected) -> {
            softly.assertThat(reported.wrongs).as("what does not fit in " + run).isEmpty();
            softly.assertThat(reported.finals).as("final progress of " + run).hasSize(1);
            reported.finals.forEach(last -> assertSums(softly, last, expected));
        });
    }

    private static void assertSums(SoftAssertions softly, RunProgress last, Expected expected) {
        softly.assertThat(last.getSpawned() + 1).as("tasks of " + last).isEqualTo(expected.tasks());
        softly.assertThat(last.getFailed())
                .as("failed tasks of " + last)
                .isEqualTo(expected.deadLetters().size());
        softly.assertThat(last.getCompleted())
                .as("completed tasks of " + last)
                .isEqualTo(expected.tasks() - expected.deadLetters().size());
        softly.assertThat(last.getOutputs())
                .as("outputs of " + last)
                .isEqualTo(expected.outputs().size());
        softly.assertThat(last.getStatus()).as("status of " + last).isEqualTo(expected.status());
    }

    void assertOnlyFailuresAreSetAside(Map<UUID, Long> seeds) {
        forEach(
                seeds,
                (softly, run, reported, expected) -> softly.assertThat(reported.deadLetters)
                        .as("dead letters of " + run)
                        .containsExactlyInAnyOrderElementsOf(expected.deadLetters()));
        assertThat(runs).isNotEmpty();
    }

    /** Checks something of a run. */
    @FunctionalInterface
    private interface Check {
        void that(SoftAssertions softly, UUID run, Reported reported, Expected expected);
    }

    private void forEach(Map<UUID, Long> seeds, Check check) {
        var softly = new SoftAssertions();
        seeds.forEach((run, seed) -> check.that(softly, run, run(run), Expected.of(seed)));
        softly.assertAll();
    }
}
