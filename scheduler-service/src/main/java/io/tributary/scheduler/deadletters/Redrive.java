package io.tributary.scheduler.deadletters;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.polling.Outbox;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.RunAgain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Drives dead letters again, each once. Tasks go into runs of their own, with trigger {@code replay}: the row of a run and
 * the mark on its letters are one transaction, and the run executes under the limits of its account like any other.
 * Outputs are marked for the sink, which applies them in one transaction with its answer.
 */
@Component
class Redrive {

    /** Letters in one transaction at most. */
    private static final int BATCH = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String LOCK_TASKS = """
        select d.id, d.user_integration_id, d.record ->> 'type' as type, d.record ->> 'payload' as payload,
               d.record ->> 'sync_type' as sync_type, d.record ->> 'options' as options
        from dead_letter d
        where d.task_type is not null and d.redriven_at is null
          and exists (select from user_integration i where i.id = d.user_integration_id)
          and %s
        order by d.created_at, d.id
        limit :batch
        for update of d
        """;

    // Those that hold all of what was set aside: not what was too large to be kept.
    private static final String ASK_FOR_OUTPUTS = """
        update dead_letter d set redrive_asked_at = :now, redrive_error = null
        where d.task_type is null and d.redriven_at is null and d.redrive_asked_at is null
          and d.error_code in ('polling.outputSaveFailed', 'sink.recordUnreadable')
          and (d.task_id is not null or jsonb_exists(d.record, 'raw')) and %s
        """;

    private static final String QUEUE = """
        insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, options,
                              initial_task_type, initial_payload, created_at)
        select id, user_id, integration_domain, :syncType, 'replay', :options::jsonb, :type, :payload::jsonb, :now
        from user_integration where id = :id
        returning id
        """;

    private static final String MARK = """
        update dead_letter set redriven_at = :now, redriven_by_run = :run, redrive_error = null
        where id = any (:ids::uuid[])
        """;

    /**
     * What was driven again.
     *
     * @param tasks queued in runs of their own
     * @param outputs that the sink was asked to apply again; each letter tells what became of it
     * @param runIds of the tasks
     */
    @Schema(name = "RedriveAnswer")
    record Redriven(long tasks, long outputs, List<UUID> runIds) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Outbox outbox;
    private final Clock clock;

    Redrive(JdbcClient jdbc, TransactionOperations transaction, Outbox outbox, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Asked again, or by two at once, it finds what was driven again before, and leaves that out. */
    Redriven all(WhichLetters which, Caller caller) {
        which.check();
        long outputs = askForOutputs(which, caller);
        long tasks = 0;
        var runIds = new ArrayList<UUID>();
        for (long redriven = BATCH; redriven == BATCH; ) {
            redriven = Objects.requireNonNull(transaction.execute(_ -> tasks(which, caller, runIds)));
            tasks += redriven;
        }
        if (!runIds.isEmpty()) {
            outbox.dispatchSoon(runIds);
        }
        return new Redriven(tasks, outputs, runIds);
    }

    private long askForOutputs(WhichLetters which, Caller caller) {
        var ask = jdbc.sql(ASK_FOR_OUTPUTS.formatted(which.condition(caller)));
        return which.bind(ask, caller).param("now", SqlTime.of(clock.instant())).update();
    }

    private long tasks(WhichLetters which, Caller caller, List<UUID> runIds) {
        var lock = jdbc.sql(LOCK_TASKS.formatted(which.condition(caller)));
        List<Letter> letters = which.bind(lock, caller)
                .param("batch", BATCH)
                .query((row, _) -> letter(row))
                .list();
        Map<Group, List<Letter>> groups = new LinkedHashMap<>();
        letters.forEach(letter ->
                groups.computeIfAbsent(letter.group(), _ -> new ArrayList<>()).add(letter));
        groups.forEach((group, members) -> queue(group, members, runIds));
        return letters.size();
    }

    private void queue(Group group, List<Letter> letters, List<UUID> runIds) {
        var run = new ArrayList<Letter>();
        int tasks = 0;
        int characters = 0;
        for (Letter letter : letters) {
            if (!run.isEmpty()
                    && (tasks + letter.tasks().size() > RunAgain.MAX_TASKS
                            || characters + letter.characters() > RunAgain.MAX_PAYLOAD_CHARACTERS)) {
                queueRun(group, run).ifPresent(runIds::add);
                run.clear();
                tasks = 0;
                characters = 0;
            }
            run.add(letter);
            tasks += letter.tasks().size();
            characters += letter.characters();
        }
        queueRun(group, run).ifPresent(runIds::add);
    }

    private Optional<UUID> queueRun(Group group, List<Letter> letters) {
        var payload = JSON.createObjectNode();
        ArrayNode tasks = payload.putArray("tasks");
        letters.forEach(letter -> tasks.addAll(letter.tasks()));
        var run = jdbc.sql(QUEUE)
                .param("id", group.userIntegrationId())
                .param("syncType", group.syncType())
                .param("options", group.options())
                .param("type", RunAgain.TASK_TYPE)
                .param("payload", payload.toString())
                .param("now", SqlTime.of(clock.instant()))
                .query(UUID.class)
                .optional();
        run.ifPresent(runId -> jdbc.sql(MARK)
                .param("run", runId)
                .param("now", SqlTime.of(clock.instant()))
                .param(
                        "ids",
                        letters.stream().map(letter -> letter.id().toString()).toArray(String[]::new))
                .update());
        return run;
    }

    /** Letters whose tasks one run may hold together. */
    private record Group(UUID userIntegrationId, String syncType, String options) {}

    /**
     * A letter to drive again.
     *
     * @param tasks the task; or those that it was to run again, where it was such a one
     */
    private record Letter(UUID id, Group group, List<ObjectNode> tasks, int characters) {}

    private static Letter letter(ResultSet row) throws SQLException {
        var group = new Group(
                row.getObject("user_integration_id", UUID.class), row.getString("sync_type"), row.getString("options"));
        String payload = row.getString("payload");
        return new Letter(
                row.getObject("id", UUID.class), group, tasks(row.getString("type"), payload), payload.length());
    }

    private static List<ObjectNode> tasks(String type, String payload) {
        JsonNode content = read(payload);
        if (type.equals(RunAgain.TASK_TYPE)) {
            return content.path("tasks")
                    .valueStream()
                    .filter(ObjectNode.class::isInstance)
                    .map(ObjectNode.class::cast)
                    .toList();
        }
        ObjectNode task = JSON.createObjectNode().put("type", type);
        task.set("payload", content);
        return List.of(task);
    }

    /** A payload that is no JSON fails again, as it did: with its code, in its run. */
    private static JsonNode read(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JacksonException e) {
            return JSON.createObjectNode().put("unreadable", payload);
        }
    }
}
