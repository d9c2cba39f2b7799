package io.tributary.standalone.cli;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.InMemoryEngine;
import io.tributary.integrations.workbench.OutputView;
import io.tributary.integrations.workbench.TaskEnd;
import io.tributary.integrations.workbench.recording.Redaction;
import io.tributary.standalone.integration.Failure;
import io.tributary.standalone.integration.MeasureExchanges.Measured;
import io.tributary.worker.codec.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For programs: one JSON object, when the last task has ended. */
final class ShowTasksAsJson implements ShowTasks {

    private final Terminal terminal;
    private final Redaction redaction;
    private final List<JsonObject> tasks = new ArrayList<>();

    ShowTasksAsJson(Terminal terminal, Redaction redaction) {
        this.terminal = terminal;
        this.redaction = redaction;
    }

    @Override
    public void task(TaskEnd end, List<Measured> exchanges) {
        var task = JsonObject.of("type", end.task().type())
                .with("payload", end.task().payload())
                .with("millis", end.took().toMillis())
                .with("requests", exchanges.stream().map(ShowTasksAsJson::of).toList());
        tasks.add(
                switch (end) {
                    case TaskEnd.Done done -> withResult(task, done.result());
                    case TaskEnd.Failed failed -> withFailure(task, Failure.of(failed.failure()));
                });
    }

    private static JsonObject withResult(JsonObject task, TaskResult result) {
        return task.with("status", "done")
                .with("outputs", result.outputs().stream().map(OutputView::of).toList())
                .with(
                        "followUps",
                        result.tasks().stream().map(ShowTasksAsJson::of).toList())
                .with("statePatch", result.statePatch());
    }

    private static JsonObject withFailure(JsonObject task, Failure failure) {
        return task.with("status", "failed")
                .with("kind", failure.kind())
                .with("code", failure.code())
                .with("message", failure.message());
    }

    private static JsonObject of(Measured exchange) {
        return JsonObject.of("method", exchange.method())
                .with("url", exchange.url())
                .with("status", exchange.ending())
                .with("bytes", exchange.bytes())
                .with("millis", exchange.took().toMillis());
    }

    private static JsonObject of(FollowUp followUp) {
        return JsonObject.of("type", followUp.type()).with("payload", followUp.payload());
    }

    @Override
    public void sum(InMemoryEngine.Sum sum) {
        var all = JsonObject.of("tasks", tasks)
                .with("done", sum.done())
                .with("failed", sum.failed())
                .with("left", sum.left())
                .with("state", sum.state());
        terminal.line(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(clean(all.values())));
    }

    /** Value by value: a secret that happens to be a word of JSON must not spoil it. */
    private @Nullable Object clean(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> redaction.text(text);
            case Boolean bool -> bool;
            case Map<?, ?> map -> {
                var clean = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, nested) -> clean.put(redaction.text(String.valueOf(key)), clean(nested)));
                yield clean;
            }
            case List<?> list -> list.stream().map(this::clean).toList();
            default -> redaction.text(value.toString()).equals(value.toString()) ? value : Redaction.MARK;
        };
    }
}
