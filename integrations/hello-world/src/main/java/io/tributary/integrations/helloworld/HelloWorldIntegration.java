package io.tributary.integrations.helloworld;

import io.tributary.integrations.api.*;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Greets someone a few times: one task finds which greetings are due, and one task each brings a greeting. */
public final class HelloWorldIntegration implements Integration {

    private static final String CONFIG = """
        {
          "type": "object",
          "properties": {
            "name": {"type": "string", "maxLength": 100, "default": "world", "description": "Whom to greet."},
            "count": {"type": "integer", "minimum": 0, "maximum": 10000, "default": 10, "description": "How often."}
          },
          "additionalProperties": false
        }
        """;

    @Override
    public Manifest manifest() {
        return Manifest.builder("hello-world", "1.0.0", "Hello, world")
                .configSchema(CONFIG)
                .syncType("default", "getGreetings", Duration.ofMinutes(15))
                .lists("getGreetings")
                .downloads("greet")
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure {
        return switch (task.type()) {
            case "getGreetings" -> getGreetings(context);
            case "greet" -> greet(task.payload().requireInteger("number"), context);
            default -> throw new TaskFailure.Permanent("polling.invalidTaskType", "No such task: " + task.type(), null);
        };
    }

    /** Returns a task for each greeting that the last run did not bring yet, and says how far this one gets. */
    private static TaskResult getGreetings(TaskContext context) {
        long count = context.config().integer("count").orElse(10L);
        long greeted = context.options().force()
                ? 0
                : context.syncState().integer("greeted").orElse(0L);
        var due = LongStream.rangeClosed(greeted + 1, count).mapToObj(number -> FollowUp.of("greet", "number", number));
        return TaskResult.ofTasks(due.toList()).withState(JsonObject.of("greeted", Math.max(greeted, count)));
    }

    private static TaskResult greet(long number, TaskContext context) {
        String greeting = "Hello, " + context.config().text("name").orElse("world") + "!";
        return TaskResult.ofOutputs(List.of(Output.content("greeting-" + number, "Greeting " + number, greeting)));
    }
}
