package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.SystemTasks;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Queues runs of trigger {@code replay} that execute tasks again. Tasks of one user integration, sync type and options
 * share a run, up to the limit of {@link RunAgain}.
 */
@Component
public record RunTasksAgain(QueueRun queueRun) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * A task to execute again.
     *
     * @param source its origin, for the caller
     * @param options of its run, JSON object as text
     * @param payload JSON as text
     */
    public record Again<S>(S source, Account account, String syncType, String options, String type, String payload) {}

    private record Group(Account account, String syncType, String options) {}

    /**
     * Queues runs within the caller's transaction, in the order of the tasks; returns the tasks of each run. Leaves out
     * system tasks, which no integration declares: one of them would fail its whole run.
     */
    public <S> Map<UUID, List<S>> queue(List<Again<S>> tasks, Instant now) {
        Map<Group, List<Again<S>>> groups = new LinkedHashMap<>();
        tasks.stream()
                .filter(task -> !SystemTasks.contain(task.type()))
                .forEach(task -> groups.computeIfAbsent(
                                new Group(task.account(), task.syncType(), task.options()), _ -> new ArrayList<>())
                        .add(task));
        Map<UUID, List<S>> runs = new LinkedHashMap<>();
        groups.forEach((group, members) -> queue(group, members, now, runs));
        return runs;
    }

    private <S> void queue(Group group, List<Again<S>> tasks, Instant now, Map<UUID, List<S>> runs) {
        var sources = new ArrayList<S>();
        var content = new ArrayList<ObjectNode>();
        int characters = 0;
        for (Again<S> task : tasks) {
            List<ObjectNode> more = content(task);
            boolean fits = content.size() + more.size() <= RunAgain.MAX_TASKS
                    && characters + task.payload().length() <= RunAgain.MAX_PAYLOAD_CHARACTERS;
            if (!sources.isEmpty() && !fits) {
                runs.put(queueRun(group, content, now), List.copyOf(sources));
                sources.clear();
                content.clear();
                characters = 0;
            }
            sources.add(task.source());
            content.addAll(more);
            characters += task.payload().length();
        }
        runs.put(queueRun(group, content, now), List.copyOf(sources));
    }

    private UUID queueRun(Group group, List<ObjectNode> tasks, Instant now) {
        var payload = JSON.createObjectNode();
        payload.putArray("tasks").addAll(tasks);
        var run = NewRun.of(group.account(), group.syncType(), Trigger.replay)
                .withOptions(group.options())
                .beginningWith(new FirstTask(RunAgain.TASK_TYPE, payload.toString()));
        return queueRun.one(run, now).orElseThrow(); // any number of replays are live at a time
    }

    /** The task, or the tasks that it executed again. */
    private static List<ObjectNode> content(Again<?> task) {
        JsonNode payload = read(task.payload());
        if (task.type().equals(RunAgain.TASK_TYPE)) {
            return payload.path("tasks")
                    .valueStream()
                    .filter(ObjectNode.class::isInstance)
                    .map(ObjectNode.class::cast)
                    .toList();
        }
        ObjectNode content = JSON.createObjectNode().put("type", task.type());
        content.set("payload", payload);
        return List.of(content);
    }

    /** A payload that is not JSON fails again in its run, with the same code as before. */
    private static JsonNode read(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JacksonException e) {
            return JSON.createObjectNode().put("unreadable", payload);
        }
    }
}
