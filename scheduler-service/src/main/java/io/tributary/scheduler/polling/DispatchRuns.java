package io.tributary.scheduler.polling;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.polling.FailRuns.Failure;
import io.tributary.scheduler.polling.Publication.Postponed;
import io.tributary.scheduler.polling.Publication.Published;
import io.tributary.scheduler.polling.Publication.Refused;
import io.tributary.scheduler.polling.QueuedRun.InitialTask;
import io.tributary.schemas.Task;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Empties the outbox: publishes the initial task of each run that was not dispatched yet.
 *
 * <p>The runs are marked first, and committed once their tasks are published, so that replicas share the work and no task is
 * published by two of them. A crash in between leaves the run unmarked: its task is published again, under the same id, and
 * the worker drops the second one.
 */
public final class DispatchRuns {

    /** Runs that one transaction publishes. */
    static final int BATCH = 200;

    // Each row is found by its key and locked before the next one, whatever the planner believes of the tables: an
    // outbox is empty or not, and the plan is kept. They are marked together after that: whoever waits for a lock with
    // others in hand can block the sink. What is to be cancelled goes although it is paused: the worker ends it.
    private static final String MARK = """
        with queued as materialized (
          select run.*
          from %s
          cross join lateral (
            select r.* from sync_run r
            where %s
              and (r.cancel_asked_at is not null or not exists (
                select from sync_pause p
                where p.name in ('all', r.integration_domain, r.user_integration_id::text, r.id::text)))
            for no key update skip locked) run
          %s
        ), taken as (
          delete from run_outbox where sequence = any (array (select sequence from queued))
        ), marked as (
          update sync_run set dispatched_at = :now
          where id = any (array (select id from queued where dispatched_at is null and finished_at is null))
        )
        select r.id, r.sequence, r.user_integration_id, r.user_id, r.integration_domain, r.sync_type, r.trigger,
               r.options::text as options, r.created_at, r.initial_task_type, r.initial_payload::text as initial_payload,
               -- a backfill goes beside the live schedule, with a state of its own
               case when r.trigger = 'backfill' then '{}'
                    when r.own_schedule then coalesce(s.sync_state::text, '{}')
                    when r.trigger = 'replay' then coalesce(s.sync_state, i.sync_state)::text
                    else i.sync_state::text end as sync_state
        from queued r
        join user_integration i on i.id = r.user_integration_id
        left join sync_schedule s on s.user_integration_id = r.user_integration_id and s.sync_type = r.sync_type
        where r.dispatched_at is null and r.finished_at is null
        order by r.sequence
        """;

    private static final String MARK_OLDEST =
            MARK.formatted("run_outbox o", "r.sequence = o.sequence", "order by o.sequence limit :batch");

    private static final String MARK_THESE =
            MARK.formatted("unnest(:ids::uuid[]) as these (id)", "r.id = these.id", "");

    private static final String UNMARK = """
        with unmarked as (
          update sync_run set dispatched_at = null where id = any (:ids::uuid[]) returning sequence
        )
        insert into run_outbox select sequence from unmarked
        """;

    private static final Logger log = LoggerFactory.getLogger(DispatchRuns.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final TaskTopic topic;
    private final FailRuns failRuns;
    private final Clock clock;

    DispatchRuns(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            TaskTopic topic,
            FailRuns failRuns,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.topic = topic;
        this.failRuns = failRuns;
        this.clock = clock;
    }

    /**
     * Dispatches until nothing is left that this replica can dispatch. Safe to call from several threads and replicas at
     * once. A failure is logged; what was not dispatched waits for the next call.
     *
     * @return how many runs left the outbox
     */
    public int run() {
        int total = 0;
        int batch;
        do {
            batch = dispatch(() -> jdbc.sql(MARK_OLDEST).param("batch", BATCH));
            total += batch;
        } while (batch == BATCH && !Thread.currentThread().isInterrupted()); // the outbox may hold more
        return total;
    }

    /**
     * Dispatches these, unless somebody else does; as {@link #run()} does with all.
     *
     * @param runs were queued and committed, {@link #BATCH} at most
     */
    void run(Collection<UUID> runs) {
        dispatch(() -> jdbc.sql(MARK_THESE).param("ids", texts(runs)));
    }

    /** Returns how many runs left the outbox; a failure is logged. */
    private int dispatch(Supplier<StatementSpec> mark) {
        if (!manifests.caughtUp()) {
            return 0; // an unknown domain says nothing yet
        }
        try {
            Batch batch = Objects.requireNonNull(transaction.execute(_ -> markAndPublish(mark)));
            // In a transaction of its own, because it locks the user integration before the run.
            failRuns.run(batch.failures());
            return batch.dispatched() + batch.failures().size();
        } catch (DataAccessException | TransactionException | KafkaException e) {
            log.warn("dispatch ended early, the next one goes on code=polling.dispatchFailed", e);
            return 0;
        }
    }

    private record Batch(int dispatched, List<UUID> postponed, List<Failure> failures) {

        List<UUID> notDispatched() {
            return Stream.concat(postponed.stream(), failures.stream().map(Failure::runId))
                    .toList();
        }
    }

    private Batch markAndPublish(Supplier<StatementSpec> mark) {
        var tasks = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (QueuedRun run : mark(mark)) {
            manifests
                    .find(run.domain())
                    .ifPresentOrElse(
                            manifest -> tasks.add(run.initialTask(manifest)), () -> failures.add(unknownDomain(run)));
        }
        Batch batch = publish(tasks, failures);
        unmark(batch.notDispatched());
        return batch;
    }

    private Batch publish(List<Task> tasks, List<Failure> failures) {
        if (tasks.isEmpty()) {
            return new Batch(0, List.of(), failures); // to publish nothing would wait for what others publish
        }
        var publications = topic.publish(tasks);
        int dispatched = 0;
        var postponed = new ArrayList<UUID>();
        String reason = "";
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            switch (publications.get(i)) {
                case Published() -> dispatched++;
                case Refused(var why) -> failures.add(refused(task, why));
                case Postponed(var why) -> {
                    postponed.add(task.getRunId());
                    reason = why;
                }
            }
        }
        if (!postponed.isEmpty()) {
            log.warn(
                    "tasks not published, they are tried again code=polling.dispatchFailed tasks={} reason={}",
                    postponed.size(),
                    reason);
        }
        return new Batch(dispatched, postponed, failures);
    }

    private List<QueuedRun> mark(Supplier<StatementSpec> mark) {
        ByIndex.prefer(jdbc);
        return mark.get()
                .param("now", SqlTime.of(clock.instant()))
                .query((row, _) -> queuedRun(row))
                .list();
    }

    private void unmark(List<UUID> runs) {
        if (!runs.isEmpty()) {
            jdbc.sql(UNMARK).param("ids", texts(runs)).update();
        }
    }

    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }

    private Failure unknownDomain(QueuedRun run) {
        return new Failure(
                run.id(), run.userIntegrationId(), Manifests.UNKNOWN, manifests.explainUnknown(run.domain()));
    }

    private static Failure refused(Task task, String reason) {
        return new Failure(
                task.getRunId(),
                task.getUserIntegrationId(),
                "polling.taskTooLarge",
                "The initial task, with the sync state and options, is too large for the topic: " + reason);
    }

    private static QueuedRun queuedRun(ResultSet row) throws SQLException {
        return new QueuedRun(
                row.getObject("id", UUID.class),
                row.getLong("sequence"),
                row.getObject("user_integration_id", UUID.class),
                row.getString("user_id"),
                row.getString("integration_domain"),
                row.getString("sync_type"),
                row.getString("trigger"),
                row.getString("options"),
                row.getString("sync_state"),
                SqlTime.read(row, "created_at"),
                initialTask(row));
    }

    private static @Nullable InitialTask initialTask(ResultSet row) throws SQLException {
        String type = row.getString("initial_task_type");
        String payload = row.getString("initial_payload");
        return type == null ? null : new InitialTask(type, payload == null ? "{}" : payload);
    }
}
