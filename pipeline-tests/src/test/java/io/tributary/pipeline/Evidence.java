package io.tributary.pipeline;

import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.TestServers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the guarantees are checked against: the rows of Postgres, the committed records of the output topic in their
 * order, and what triggers noted in the very transactions that moved a cursor or ended a run.
 */
record Evidence(
        List<Run> runs,
        List<Replay> replays,
        List<Row> rows,
        List<Message> messages,
        List<Cursor> cursors,
        List<End> ends) {

    /** A run of a user. @param exclusive whether it took the account's live slot */
    record Run(
            UUID id, UUID account, long sequence, boolean exclusive, String status, long failed, long rowsInserted) {}

    /** A replay of an account's outputs. */
    record Replay(UUID account, long rowsInserted) {}

    /** A row of content. */
    record Row(UUID account, String externalId, String content) {}

    /** An output, or a progress, as it stands on the topic. */
    record Message(UUID account, UUID run, SpecificRecord value) {}

    /** @param missing items up to the cursor that were not in Postgres when the cursor's transaction was committed */
    record Cursor(UUID account, long seen, long missing) {}

    /** The sums of a run when the transaction that ended it was committed. */
    record End(UUID run, String status, long openTasks, long missingOutputs) {}

    private static final String TRIGGERS = """
        create table evidence_cursor (account uuid, seen bigint, missing bigint);
        create function note_cursor() returns trigger language plpgsql security definer as $$
        begin
          insert into evidence_cursor
          select new.user_integration_id, (new.sync_state ->> 'seen')::bigint, count(*)
            from generate_series(1, (new.sync_state ->> 'seen')::bigint) number
           where not exists (
             select from user_integration_content c
              where c.user_integration_id = new.user_integration_id and c.external_id = 'item-' || number);
          return null;
        end
        $$;
        create constraint trigger note_cursor after update on sync_schedule deferrable initially deferred
          for each row when (new.sync_state ->> 'seen' is not null and new.sync_state is distinct from old.sync_state)
          execute function note_cursor();

        create table evidence_end (run uuid, status text, open_tasks bigint, missing_outputs bigint);
        create function note_end() returns trigger language plpgsql security definer as $$
        begin
          insert into evidence_end
          select id, status, spawned + 1 - completed - failed, outputs - outputs_saved - outputs_dead_lettered
            from sync_run where id = new.id;
          return null;
        end
        $$;
        create constraint trigger note_end after update on sync_run deferrable initially deferred
          for each row when (old.finished_at is null and new.finished_at is not null and new.trigger <> 'system')
          execute function note_end();
        """;

    /** Begins to note; call it before the first run. */
    static void begin(JdbcClient database) {
        database.sql(TRIGGERS).update();
    }

    /** Reads everything; call it when all runs are over. */
    static Evidence read(JdbcClient database, String bootstrapServers, String prefix) {
        return new Evidence(
                database.sql("""
                    select id, user_integration_id as account, sequence, exclusive, status, failed, rows_inserted
                      from sync_run where trigger <> 'system'
                    """).query(Run.class).list(),
                database.sql("select user_integration_id as account, rows_inserted from replay")
                        .query(Replay.class)
                        .list(),
                database.sql("select user_integration_id as account, external_id, content"
                                + " from user_integration_content")
                        .query(Row.class)
                        .list(),
                messages(bootstrapServers, prefix),
                database.sql("select account, seen, missing from evidence_cursor")
                        .query(Cursor.class)
                        .list(),
                database.sql("select run, status, open_tasks, missing_outputs from evidence_end")
                        .query(End.class)
                        .list());
    }

    private static List<Message> messages(String bootstrapServers, String prefix) {
        var messages = new ArrayList<Message>();
        try (var reader = new ReadCommitted(
                bootstrapServers, TestServers.registry().url(), List.of(new Topics(prefix).output()))) {
            reader.readToEnd(record -> {
                switch (record.value()) {
                    case Output it -> messages.add(new Message(it.getUserIntegrationId(), it.getRunId(), it));
                    case RunProgress it -> messages.add(new Message(it.getUserIntegrationId(), it.getRunId(), it));
                    default ->
                        throw new AssertionError(
                                "unexpected " + record.value().getSchema().getName());
                }
            });
        }
        return messages;
    }

    /** The outputs of users' runs. */
    List<Output> outputs() {
        return messages.stream()
                .map(Message::value)
                .filter(Output.class::isInstance)
                .map(Output.class::cast)
                .toList();
    }

    Map<UUID, Run> runsById() {
        return runs.stream().collect(Collectors.toMap(Run::id, run -> run));
    }

    /** The last cursor of each account. */
    Map<UUID, Long> lastCursors() {
        var last = new HashMap<UUID, Long>();
        cursors.forEach(cursor -> last.merge(cursor.account(), cursor.seen(), Math::max));
        return last;
    }
}
