package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Queues runs: the only place where runs begin. A trigger of the database puts a queued run into the outbox. At a time,
 * a user integration has at most one live exclusive run of each sync type, and one live system run of each kind: a
 * second one is not queued.
 */
@Component
public record QueueRun(JdbcClient jdbc, TraceTriggers traceTriggers) {

    private static final String INSERT = """
        insert into sync_run (id, user_integration_id, user_id, integration_domain, sync_type, trigger, options,
                              initial_task_type, initial_payload, traceparent, created_at)
        select coalesce(id, gen_random_uuid()), user_integration_id, user_id, integration_domain, sync_type, trigger,
               options::jsonb, task_type, payload::jsonb, traceparent, :now
        from unnest(:ids::uuid[], :userIntegrationIds::uuid[], :userIds::text[], :domains::text[], :syncTypes::text[],
                    :triggers::text[], :options::text[], :taskTypes::text[], :payloads::text[],
                    :traceparents::text[])
          as run (id, user_integration_id, user_id, integration_domain, sync_type, trigger, options, task_type, payload,
                  traceparent)
        on conflict do nothing
        returning id, user_integration_id, traceparent
        """;

    /** A queued run and its user integration. */
    public record Queued(UUID runId, UUID userIntegrationId) {}

    /** Queues a run; empty: such a run is live already. */
    public Optional<UUID> one(NewRun run, Instant now) {
        return all(List.of(run), now).stream().map(Queued::runId).findFirst();
    }

    /** Queues runs within the caller's transaction; returns the queued ones. */
    public List<Queued> all(List<NewRun> runs, Instant now) {
        if (runs.isEmpty()) {
            return List.of();
        }
        var triggers = new LinkedHashMap<String, TraceTriggers.Trigger>();
        for (NewRun run : runs) {
            var trigger = traceTriggers.begin(run);
            triggers.put(trigger.traceparent(), trigger);
        }
        return jdbc.sql(INSERT)
                .param(
                        "ids",
                        texts(runs, run -> run.id() == null ? null : run.id().toString()))
                .param(
                        "userIntegrationIds",
                        texts(runs, run -> run.account().id().toString()))
                .param("userIds", texts(runs, run -> run.account().userId()))
                .param("domains", texts(runs, run -> run.account().integrationDomain()))
                .param("syncTypes", texts(runs, NewRun::syncType))
                .param("triggers", texts(runs, run -> run.trigger().name()))
                .param("options", texts(runs, NewRun::options))
                .param(
                        "taskTypes",
                        texts(
                                runs,
                                run -> run.first() == null ? null : run.first().type()))
                .param(
                        "payloads",
                        texts(
                                runs,
                                run -> run.first() == null ? null : run.first().payload()))
                .param("traceparents", triggers.keySet().toArray(String[]::new))
                .param("now", SqlTime.of(now))
                .query((row, _) -> {
                    UUID id = row.getObject("id", UUID.class);
                    Objects.requireNonNull(triggers.get(row.getString("traceparent")))
                            .queued(id);
                    return new Queued(id, row.getObject("user_integration_id", UUID.class));
                })
                .list();
    }

    private static @Nullable String[] texts(List<NewRun> runs, Function<NewRun, @Nullable String> text) {
        return runs.stream().map(text).toArray(String[]::new);
    }
}
