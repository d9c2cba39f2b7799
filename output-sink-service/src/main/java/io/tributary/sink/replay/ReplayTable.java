package io.tributary.sink.replay;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.replay.Positions.Span;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The replays in Postgres. A sink executes a replay while it holds the lease, which every batch renews; after its
 * crash, another sink continues from the positions of the last batch.
 *
 * <p>Replays take turns, those that had none yet first, an operator's before a user's. Of two that concern the same
 * account, one runs after the other: otherwise one could write older content of an item after the other one found newer
 * content unchanged.
 *
 * @param owner of the leases: this process
 */
public record ReplayTable(Postgres postgres, UUID owner) {

    /** Time by the clock of Postgres, which all sinks share. */
    private static final String LEASE = "now() + interval '30 seconds'";

    /** Until the end of the transaction: of two sinks, the second one sees what the first one has begun. */
    private static final String ONE_BY_ONE = "select pg_advisory_xact_lock(hashtext('tributary.replay')) is null";

    private static final String CLAIM = """
        update replay
           set lease_owner = ?, lease_until = %s, status = 'running', started_at = coalesce(started_at, now()),
               turn_at = now()
         where id = (
           select r.id from replay r
            where r.finished_at is null and (r.lease_until is null or r.lease_until < now() or r.lease_owner = ?)
              and (r.started_at is not null or not exists (
                     select from replay begun
                      where begun.finished_at is null and begun.started_at is not null and begun.kind = r.kind
                        and (begun.user_integration_id is null or r.user_integration_id is null
                             or begun.user_integration_id = r.user_integration_id)))
            order by r.turn_at nulls first, r.by_operator desc, r.created_at, r.id limit 1)
        returning id, upper(kind) as kind, user_integration_id, task_type, from_time, from_offset, by_operator,
                  target_schema
        """.formatted(LEASE);

    private static final String ANY = "select exists (select from replay where finished_at is null)";

    private static final String COUNT_FAILURE = """
        update replay set failures = failures + 1, lease_until = null where id = ? and lease_owner = ?
        returning failures\
        """;

    private static final String COUNTS = "select partitions, min(since) over () as since from topic_partitions";

    private static final String HOLD = """
        update replay set lease_until = %s where id = ? and lease_owner = ? and finished_at is null\
        """.formatted(LEASE);

    private static final String COUNT = """
        update replay
           set matched = matched + ?, rows_inserted = rows_inserted + ?, rows_updated = rows_updated + ?,
               rows_unchanged = rows_unchanged + ?, tasks_queued = tasks_queued + ?, skipped = skipped + ?
         where id = ?\
        """;

    private static final String END = """
        update replay
           set status = ?, error_code = ?, error_message = ?, finished_at = now(), lease_until = null
         where id = ? and lease_owner = ? and finished_at is null\
        """;

    /** The replay to execute now, if there is one that no other sink executes. */
    Optional<Replay> claim() {
        return postgres.get(() -> {
            if (!postgres.sql(ANY).query(Boolean.class).single()) {
                return Optional.empty();
            }
            postgres.sql(ONE_BY_ONE).query(Boolean.class).single();
            return postgres.sql(CLAIM).params(owner, owner).query(Replay.class).optional();
        });
    }

    /** The partition counts that the topics have had; all of them have the same. */
    PlanReplay.Counts partitionCounts() {
        record Count(int partitions, Instant since) {}
        List<Count> known =
                postgres.get(() -> postgres.sql(COUNTS).query(Count.class).list());
        return new PlanReplay.Counts(
                known.stream().map(Count::partitions).collect(Collectors.toSet()),
                known.isEmpty() ? Instant.MAX : known.getFirst().since());
    }

    /** Counts a failure of the sink, and releases the replay; returns the number of failures in a row. */
    int countFailure(Replay replay) {
        return postgres.get(() -> postgres.sql(COUNT_FAILURE)
                .params(replay.id(), owner)
                .query(Integer.class)
                .optional()
                .orElse(0));
    }

    /**
     * Creates the table of a replay into another schema, or finds the table of an earlier one.
     *
     * @throws Rejected when permission is missing, or the schema exists for another purpose
     */
    void openTarget(Replay replay) {
        if (replay.targetSchema() != null) {
            postgres.run(() -> postgres.sql("select open_rebuild(?) is null")
                    .param(replay.targetSchema())
                    .query(Boolean.class)
                    .single());
        }
    }

    /** Its positions; empty before {@link #begin}. */
    Optional<Positions> positions(Replay replay) {
        Map<Integer, Span> spans = postgres.get(() -> {
            Map<Integer, Span> found = new HashMap<>();
            postgres.sql("select kafka_partition, next_offset, end_offset from replay_position where replay_id = ?")
                    .param(replay.id())
                    .query(row -> {
                        found.put(row.getInt(1), new Span(row.getLong(2), row.getLong(3)));
                    });
            return found;
        });
        return spans.isEmpty() ? Optional.empty() : Optional.of(new Positions(spans));
    }

    /** This sink no longer holds the replay: it was cancelled, or another sink took it over. Nothing was done. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Stores the offsets to read.
     *
     * @param first work of the same transaction
     * @throws LeaseLost as all methods that follow
     */
    void begin(Replay replay, Positions positions, Runnable first) {
        whileHeld(replay, () -> {
            first.run();
            for (int partition : positions.partitions()) {
                Span span = positions.of(partition);
                postgres.sql("insert into replay_position (replay_id, kafka_partition, first_offset, next_offset,"
                                + " end_offset) values (?, ?, ?, ?, ?)")
                        .params(replay.id(), partition, span.next(), span.next(), span.end())
                        .update();
            }
            return positions;
        });
    }

    /** @param tally counts of the records before the position */
    record Advance(Span span, Tally tally) {}

    /**
     * Does the work and stores the progress of the replay, in one transaction.
     *
     * @param work returns the new position of the partition
     * @return the same
     */
    Span advance(Replay replay, int partition, Supplier<Advance> work) {
        return whileHeld(replay, () -> {
            target(replay);
            Advance advance = work.get();
            postgres.sql("update replay_position set next_offset = ?, end_offset = ? where replay_id = ?"
                            + " and kafka_partition = ?")
                    .params(advance.span().next(), advance.span().end(), replay.id(), partition)
                    .update();
            Tally tally = advance.tally();
            postgres.sql(COUNT)
                    .params(tally.matched(), tally.inserted(), tally.updated(), tally.unchanged())
                    .params(tally.queued(), tally.skipped(), replay.id())
                    .update();
            return advance.span();
        });
    }

    /**
     * Until the end of the transaction, the table of content is that of the replay, and every other table is the usual
     * one. So the code that writes rows need not know the table.
     */
    private void target(Replay replay) {
        if (replay.targetSchema() != null) {
            postgres.sql("select set_config('search_path', quote_ident(?) || ', ' ||"
                            + " current_setting('search_path'), true)")
                    .param(replay.targetSchema())
                    .query(String.class)
                    .single();
        }
    }

    /** Renews the lease when nothing was read. */
    void renew(Replay replay) {
        whileHeld(replay, () -> replay);
    }

    void succeed(Replay replay) {
        end(replay, "succeeded", null, null);
    }

    void fail(Replay replay, String cause) {
        end(replay, "failed", "sink.replayFailed", cause);
    }

    /** Releases the replay, so that another sink can continue immediately. */
    void release(Replay replay) {
        postgres.run(() -> postgres.sql(
                        "update replay set lease_until = null, failures = 0 where id = ? and lease_owner = ?")
                .params(replay.id(), owner)
                .update());
    }

    private <T> T whileHeld(Replay replay, Supplier<T> work) {
        return postgres.get(() -> {
            if (postgres.sql(HOLD).params(replay.id(), owner).update() == 0) {
                throw new LeaseLost();
            }
            return work.get();
        });
    }

    private void end(Replay replay, String status, @Nullable String code, @Nullable String message) {
        postgres.run(() -> postgres.sql(END)
                .param(status)
                .param(code)
                .param(message)
                .param(replay.id())
                .param(owner)
                .update());
    }
}
