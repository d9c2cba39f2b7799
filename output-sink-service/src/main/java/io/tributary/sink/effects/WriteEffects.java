package io.tributary.sink.effects;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RowCounts;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes effects to {@code effect}: the first one of each key; another one of the same key changes nothing. */
public record WriteEffects(Postgres postgres) {

    private static final String INSERT = """
        insert into effect (user_integration_id, effect_key, action, run_id, task_id, provider_id, result, happened_at)
        select user_integration_id, effect_key, action, run_id, task_id, provider_id, result::jsonb, happened_at
          from unnest(?, ?, ?, ?, ?, ?, ?, ?) as given (user_integration_id, effect_key, action, run_id, task_id,
                                                        provider_id, result, happened_at)
        on conflict do nothing
        returning run_id\
        """;

    /**
     * Within the transaction that locked the runs and their accounts.
     *
     * @param effects in the order of the topic
     * @param written rows by run, to which it adds
     */
    public void write(List<HappenedEffect> effects, Map<UUID, RowCounts> written) {
        if (!effects.isEmpty()) {
            postgres.sql(INSERT)
                    .param(Postgres.array(
                            "uuid", effects, effect -> effect.run().userIntegrationId()))
                    .param(Postgres.array("text", effects, HappenedEffect::key))
                    .param(Postgres.array("text", effects, HappenedEffect::action))
                    .param(Postgres.array(
                            "uuid", effects, effect -> effect.run().id()))
                    .param(Postgres.array("uuid", effects, HappenedEffect::taskId))
                    .param(Postgres.array("text", effects, HappenedEffect::providerId))
                    .param(Postgres.array("text", effects, HappenedEffect::result))
                    .param(Postgres.array(
                            "timestamptz", effects, effect -> effect.at().toString()))
                    .query(UUID.class)
                    .list()
                    .forEach(run -> written.merge(run, RowCounts.INSERTED, RowCounts::plus));
        }
    }
}
