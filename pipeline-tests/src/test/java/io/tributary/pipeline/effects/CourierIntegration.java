package io.tributary.pipeline.effects;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Posts to a provider, which ignores repeated keys of one action, has a list for another, and only counts the third.
 */
public final class CourierIntegration implements Integration {

    public static final String DOMAIN = "courier";

    private static final String INPUT = "{\"type\": \"object\", \"required\": [\"text\"]}";

    @Override
    public Manifest manifest() {
        return Manifest.builder(DOMAIN, "1.0", "Courier")
                .limits(Limits.DEFAULT.withConcurrency(16).withAttempts(20, Duration.ofMillis(50)))
                .action(new Action("byKey", INPUT, Action.Repeat.KEY))
                .action(new Action("byLookUp", INPUT, Action.Repeat.LOOK_UP))
                .action(new Action("byPerson", INPUT, Action.Repeat.ASK))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Effect effect = context.effect().orElseThrow();
        HttpResponse answer = context.http()
                .send(HttpRequest.of("POST", uri(task, context, effect))
                        .body("text/plain", task.payload().requireText("text")));
        return result(effect, answer);
    }

    @Override
    public Optional<TaskResult> lookUp(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        Effect effect = context.effect().orElseThrow();
        HttpResponse answer = context.http().send(HttpRequest.get(uri(task, context, effect)));
        return answer.text().isEmpty() ? Optional.empty() : Optional.of(result(effect, answer));
    }

    private static URI uri(Task task, TaskContext context, Effect effect) {
        return URI.create(context.baseUrl("") + "/" + task.type() + "?key=" + effect.key());
    }

    private static TaskResult result(Effect effect, HttpResponse answer) {
        return TaskResult.ofOutputs(List.of(Output.effect(effect, answer.text(), JsonObject.EMPTY)));
    }
}
