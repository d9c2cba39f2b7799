package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has the provider make a report, and waits for it:
 *
 * <pre>
 * create --> poll --> poll --> ... --> done: the same task reads the report
 *    |        |-- failed: create once more
 *    `--------+-- too large: create for each half of its window
 * </pre>
 *
 * <p>Each arrow is a follow-up task, so a crash costs one step. A task polls until its next poll would be later than
 * {@value #MOST_SECONDS} s after its beginning, and leaves that poll and the wait before it to the next task. So it
 * keeps its place for {@value #MOST_SECONDS} s or for one wait. It waits itself, since a wait of the engine would hold
 * up the whole account. For one task.
 */
record AskReport(Stream stream, Report report, Provider provider, TaskContext context) {

    private static final int MOST_SECONDS = 20;

    private static final int MOST_ATTEMPTS = 3;

    /** Set where the task before has just polled. */
    private static final String WAITS = "waits";

    /**
     * What came of a step.
     *
     * @param task which can read the report; null: it is not done yet
     * @param answer which says where it is; null: it is not done yet
     * @param tasks the next steps, where it is not done
     */
    record Step(@Nullable PageTask task, @Nullable HttpResponse answer, List<FollowUp> tasks) {

        Step(List<FollowUp> tasks) {
            this(null, null, tasks);
        }
    }

    Step next(PageTask task, Scope scope) throws TaskFailure, ExpressionFailure, InterruptedException {
        return task.report().isEmpty() || !task.report().has("id") ? create(task, scope) : poll(task, scope);
    }

    private Step create(PageTask task, Scope scope) throws TaskFailure, ExpressionFailure, InterruptedException {
        ProviderAnswer answer =
                provider.send(provider.request(report.create(), scope), report.create(), report.tooLarge(), scope);
        if (answer.meaning() == Meaning.SPECIAL) {
            return halved(task);
        }
        if (answer.meaning() != Meaning.RECORDS) {
            return new Step(List.of()); // There is nothing of it.
        }
        Object id = report.id().of(answer.body(), answer.in(scope));
        if (id == null) {
            throw report.id().failed("the answer has no id of a report");
        }
        var made = JsonObject.of("id", id)
                .with("since", context.clock().instant().toString())
                .with("attempt", attempt(task));
        return new Step(List.of(task.with(made).of(stream.name())));
    }

    private static long attempt(PageTask task) {
        return task.report().integer("attempt").orElse(1L);
    }

    private Step poll(PageTask task, Scope scope) throws TaskFailure, ExpressionFailure, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        if (task.report().has(WAITS)) {
            TimeUnit.MILLISECONDS.sleep(report.every().toMillis());
        }
        while (true) {
            ProviderAnswer answer =
                    provider.send(provider.request(report.poll(), scope), report.poll(), report.tooLarge(), scope);
            if (answer.meaning() == Meaning.SPECIAL) {
                return halved(task);
            }
            Scope its = answer.in(scope);
            if (answer.meaning() == Meaning.MISSING
                    || report.failed() != null && report.failed().holds(answer.body(), its)) {
                return again(task);
            }
            if (report.done().holds(answer.body(), its)) {
                return new Step(ready(task, answer, its), answer.response(), List.of());
            }
            checkDeadline(task);
            if (System.nanoTime() + report.every().toNanos() > end) {
                return new Step(
                        List.of(task.with(task.report().with(WAITS, true)).of(stream.name())));
            }
            TimeUnit.MILLISECONDS.sleep(report.every().toMillis());
        }
    }

    private PageTask ready(PageTask task, ProviderAnswer answer, Scope scope) throws ExpressionFailure {
        var values = new LinkedHashMap<>(task.report().values());
        for (var value : report.with().entrySet()) {
            values.put(value.getKey(), value.getValue().of(answer.body(), scope));
        }
        return task.with(new JsonObject(values));
    }

    private void checkDeadline(PageTask task) throws TaskFailure {
        Instant since = Instant.parse(task.report().requireText("since"));
        Duration taken = Duration.between(since, context.clock().instant());
        if (taken.compareTo(report.deadline()) > 0) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".reportLate",
                    "A report of " + stream.name() + " is not done after "
                            + report.deadline().toSeconds() + " s: raise its deadline, or ask for less by step.",
                    null);
        }
    }

    private Step again(PageTask task) throws TaskFailure {
        if (attempt(task) >= MOST_ATTEMPTS) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".reportFailed",
                    "The provider could not make a report of " + stream.name() + " in " + MOST_ATTEMPTS + " attempts.",
                    null);
        }
        return new Step(List.of(
                task.at(null).with(JsonObject.of("attempt", attempt(task) + 1)).of(stream.name())));
    }

    private Step halved(PageTask task) throws TaskFailure {
        var tasks = new ArrayList<FollowUp>();
        Optional<Watermark> window = Optional.ofNullable(task.watermark());
        if (stream.incremental() instanceof Incremental.Windows how && window.isPresent()) {
            for (Watermark half : CutWindows.halves(how, window.get())) {
                tasks.add(task.at(null).with(JsonObject.EMPTY).within(half).of(stream.name()));
            }
        }
        if (tasks.isEmpty()) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".reportTooLarge",
                    "The provider refuses a report of " + stream.name()
                            + " as too large, and its range of time cannot be halved: ask for fewer rows.",
                    null);
        }
        return new Step(tasks);
    }
}
