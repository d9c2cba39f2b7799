package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lists the items of a shop and fetches each; {@code reviews} is a second sync type of one task. */
final class ShopIntegration implements Integration {

    boolean closed;

    @Override
    public Manifest manifest() {
        return Manifest.builder("shop", "1.0", "Shop")
                .syncType("items", "list", Duration.ofMinutes(15))
                .syncType("reviews", "review", Duration.ofHours(1))
                .lists("list")
                .downloads("fetch", "review")
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return switch (task.type()) {
            case "list" -> list(context);
            case "fetch" -> fetch(task.payload().requireText("id"), context);
            default -> TaskResult.nothing().withState(JsonObject.of("reviewed", true));
        };
    }

    private static TaskResult list(TaskContext context) throws TaskFailure, InterruptedException {
        var tasks = new ArrayList<FollowUp>();
        for (Object id : get("/items", context).json().list("ids")) {
            tasks.add(FollowUp.of("fetch", "id", String.valueOf(id)));
        }
        return TaskResult.ofTasks(tasks).withState(JsonObject.of("listed", tasks.size()));
    }

    private static TaskResult fetch(String id, TaskContext context) throws TaskFailure, InterruptedException {
        String name = get("/items/" + id, context).json().requireText("name");
        return TaskResult.ofOutputs(List.of(Output.content(id, name, context.idempotencyKey())));
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        return new Account(get("/me", context).json().requireText("id"), null, JsonObject.EMPTY);
    }

    private static HttpResponse get(String path, TaskContext context) throws TaskFailure, InterruptedException {
        String base = context.config().requireText("baseUrl");
        String token = context.credentials().find("accessToken").orElse("none");
        return context.http().send(HttpRequest.get(URI.create(base + path)).bearer(token));
    }

    @Override
    public void close() {
        closed = true;
    }
}
