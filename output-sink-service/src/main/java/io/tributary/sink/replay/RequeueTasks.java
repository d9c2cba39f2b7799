package io.tributary.sink.replay;

import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Queues tasks that are read again, by runs of their own with trigger {@code replay}: the scheduler dispatches them. What
 * a replay ran is not run again by another.
 */
public final class RequeueTasks implements Reapply<Task> {

    private static final JsonFactory JSON = new JsonFactory();

    private static final String QUEUE = """
            insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, options,
              initial_task_type, initial_payload)
            select id, user_id, integration_domain, ?, 'replay', cast(? as jsonb), ?, cast(? as jsonb)
              from user_integration where id = ?""";

    private final String topic;
    private final JdbcClient jdbc;

    public RequeueTasks(String topic, JdbcClient jdbc) {
        this.topic = topic;
        this.jdbc = jdbc;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Optional<Task> of(Replay replay, SpecificRecord message) {
        return message instanceof Task task && matches(replay, task) ? Optional.of(task) : Optional.empty();
    }

    @Override
    public Tally apply(Replay replay, List<Read<Task>> messages) {
        Map<Group, List<Again>> groups = new LinkedHashMap<>();
        Set<UUID> seen = new LinkedHashSet<>();
        for (Read<Task> read : messages) {
            Task task = read.message();
            Optional<String> payload = StorableJson.parsed(task.getPayload());
            if (payload.isPresent() && seen.add(task.getTaskId())) {
                groups.computeIfAbsent(Group.of(task), group -> new ArrayList<>())
                        .add(new Again(StorableText.of(task.getType()), payload.get()));
            }
        }
        long queued = 0;
        for (var group : groups.entrySet()) {
            queued += queue(group.getKey(), group.getValue());
        }
        return Tally.ofTasks(queued, messages.size() - queued);
    }

    private static boolean matches(Replay replay, Task task) {
        if (task.getTrigger() == Trigger.replay) {
            return false;
        }
        return replay.taskType() == null
                ? task.getParentTaskId() == null
                : replay.taskType().equals(task.getType());
    }

    /** Returns how many were queued: none where the user integration is gone. */
    private long queue(Group group, List<Again> tasks) {
        long queued = 0;
        List<Again> run = new ArrayList<>();
        long characters = 0;
        for (Again task : tasks) {
            boolean fits = characters + task.payload().length() <= RunAgain.MAX_PAYLOAD_CHARACTERS;
            if (!run.isEmpty() && (run.size() == RunAgain.MAX_TASKS || !fits)) {
                queued += queueRun(group, run);
                run.clear();
                characters = 0;
            }
            run.add(task);
            characters += task.payload().length();
        }
        return queued + queueRun(group, run);
    }

    private long queueRun(Group group, List<Again> tasks) {
        int inserted = jdbc.sql(QUEUE)
                .params(
                        group.syncType(),
                        group.options(),
                        RunAgain.TASK_TYPE,
                        payload(tasks),
                        group.userIntegrationId())
                .update();
        return (long) inserted * tasks.size();
    }

    private static String payload(List<Again> tasks) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("tasks");
            for (Again task : tasks) {
                json.writeStartObject();
                json.writeStringProperty("type", task.type());
                json.writeName("payload");
                json.writeRawValue(task.payload());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    /** A task to run again; its payload as JSON text that Postgres can hold. */
    private record Again(String type, String payload) {}

    /** Tasks that one run may hold together. */
    private record Group(UUID userIntegrationId, String syncType, String options) {

        static Group of(Task task) {
            return new Group(
                    task.getUserIntegrationId(),
                    StorableText.of(task.getSyncType()),
                    StorableJson.parsed(task.getOptions()).orElse("{}"));
        }
    }
}
