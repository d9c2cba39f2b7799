package io.tributary.scheduler.incoming;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.incoming.IncomingTable.Startable;
import io.tributary.scheduler.quotas.LiveRunQuota;
import io.tributary.scheduler.runs.NewRun;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.runs.QueueRun;
import io.tributary.scheduler.runs.QueueRun.Queued;
import io.tributary.scheduler.runs.StartRuns;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts the runs that webhooks want: one for each account and sync type that has no live run. It serves all webhooks
 * that arrived until now, since it reads the provider later. Those that arrive while it is live start the next one.
 */
@Component
public record StartWebhookRuns(
        IncomingTable table, QueueRun queueRun, StartRuns startRuns, ScheduleTable schedules, LiveRunQuota liveRuns) {

    /** Rows that one look reads. */
    private static final int BATCH = 500;

    /** Looks of one transaction, if no row of the earlier ones can start: its owners are at their quotas. */
    private static final int MOST_LOOKS = 20;

    private static final Logger log = LoggerFactory.getLogger(StartWebhookRuns.class);

    private static final JsonMapper JSON = JsonMapper.shared();

    private record Group(Account account, String syncType) {}

    /**
     * A run to queue.
     *
     * @param triggerIds the rows that it serves
     */
    private record Prepared(NewRun run, List<Long> triggerIds) {}

    /** Starts what can start, on any thread. A failure is logged; the next call goes on. */
    public void run() {
        startRuns.inBatches("incoming.startFailed", this::queueBatch);
    }

    private Collection<UUID> queueBatch(Instant now) {
        Map<UUID, Prepared> prepared = new LinkedHashMap<>();
        long after = 0;
        for (int look = 0; look < MOST_LOOKS && prepared.isEmpty(); look++) {
            List<Startable> rows = table.lockStartable(after, BATCH);
            prepareAll(rows, prepared);
            if (rows.size() < BATCH) {
                break;
            }
            after = rows.getLast().triggerId();
        }
        var queued = queueRun.all(prepared.values().stream().map(Prepared::run).toList(), now).stream()
                .map(Queued::runId)
                .toList();
        var started = queued.stream()
                .map(id -> Objects.requireNonNull(prepared.get(id)))
                .toList();
        // The end of the run sets the next time, as for a scheduled run.
        schedules.setNext(started.stream()
                .map(it -> new Next(it.run().account().id(), it.run().syncType(), null))
                .toList());
        table.started(started.stream().flatMap(it -> it.triggerIds().stream()).toList());
        return queued;
    }

    private void prepareAll(List<Startable> rows, Map<UUID, Prepared> prepared) {
        Map<Group, List<Startable>> groups = new LinkedHashMap<>();
        rows.forEach(it -> groups.computeIfAbsent(new Group(it.account(), it.syncType()), _ -> new ArrayList<>())
                .add(it));
        groups.forEach((group, members) -> {
            if (liveRuns.tryTake(members.getFirst().owner())) {
                UUID id = UUID.randomUUID();
                prepared.put(id, prepare(group, members, id));
            }
        });
    }

    /** Tasks precede a run of the whole sync type, which is the next one. */
    private static Prepared prepare(Group group, List<Startable> rows, UUID id) {
        var run = NewRun.of(group.account(), group.syncType(), Trigger.webhook).withId(id);
        var tasks = rows.stream().filter(row -> row.taskType() != null).toList();
        if (tasks.isEmpty()) {
            return new Prepared(run, rows.stream().map(Startable::triggerId).toList());
        }
        var triggerIds = new ArrayList<Long>();
        var again = JSON.createObjectNode();
        var list = again.putArray("tasks");
        int characters = 0;
        for (Startable task : tasks) {
            String its = Objects.requireNonNullElse(task.payload(), "{}");
            characters += its.length();
            boolean full = list.size() == RunAgain.MAX_TASKS || characters > RunAgain.MAX_PAYLOAD_CHARACTERS;
            if (!list.isEmpty() && full) {
                break;
            }
            triggerIds.add(task.triggerId());
            try {
                JsonNode payload = JSON.readTree(its);
                list.addObject().put("type", task.taskType()).set("payload", payload);
            } catch (JacksonException _) {
                log.error(
                        "incoming.taskUnreadable: the task of a webhook cannot be read, it is left out"
                                + " userIntegrationId={} taskType={}",
                        group.account().id(),
                        task.taskType());
            }
        }
        return new Prepared(run.beginningWith(new FirstTask(RunAgain.TASK_TYPE, again.toString())), triggerIds);
    }
}
