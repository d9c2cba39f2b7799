package io.tributary.sink.replay;

import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.postgres.Refused;
import io.tributary.sink.replay.Positions.Span;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The replays in Postgres. A sink works on one while it holds its lease, which every batch renews; when it ends unasked,
 * another takes over from the positions of the last batch.
 *
 * <p>Replays are worked on one after the other, in the order in which they were asked for: two at a time could bring an
 * item's older content after a newer one that the other found unchanged.
 */
public final class ReplayTable {

    /** Time by the clock of Postgres, the one that all sinks share. */
    private static final String LEASE = "now() + interval '30 seconds'";

    private static final String CLAIM = """
            update replay
               set lease_owner = ?, lease_until = %s, status = 'running', started_at = coalesce(started_at, now())
             where id = (select id from replay where finished_at is null order by created_at, id limit 1)
               and finished_at is null and (lease_until is null or lease_until < now() or lease_owner = ?)
            returning id, kind, user_integration_id, task_type, from_time, from_offset, target_schema""".formatted(LEASE);

    private static final String HOLD = """
            select true from replay where id = ? and lease_owner = ? and finished_at is null for no key update""";

    private static final String COUNT = """
            update replay
               set lease_until = %s, matched = matched + ?, rows_inserted = rows_inserted + ?,
                   rows_updated = rows_updated + ?, rows_unchanged = rows_unchanged + ?,
                   tasks_queued = tasks_queued + ?, skipped = skipped + ?
             where id = ?""".formatted(LEASE);

    private static final String END = """
            update replay
               set status = ?, error_code = ?, error_message = ?, finished_at = now(), lease_until = null
             where id = ? and lease_owner = ? and finished_at is null""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;
    private final UUID owner;

    /** @param owner of the leases: this process */
    public ReplayTable(InTransaction transaction, JdbcClient jdbc, UUID owner) {
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.owner = owner;
    }

    /** The replay to work on now, if there is one and nobody else does. */
    Optional<Replay> claim() {
        return transaction.get(() -> jdbc.sql(CLAIM)
                .params(owner, owner)
                .query((row, n) -> replay(row))
                .optional());
    }

    /**
     * Makes the table of a replay into another schema, or finds that of an earlier one.
     *
     * @throws Refused when it may not, or the schema is there for something else
     */
    void openTarget(Replay replay) {
        if (replay.targetSchema() != null) {
            transaction.run(() -> jdbc.sql("select open_rebuild(?) is null")
                    .param(replay.targetSchema())
                    .query(Boolean.class)
                    .single());
        }
    }

    /** Where it is; empty before {@link #begin}. */
    Optional<Positions> positions(Replay replay) {
        Map<Integer, Span> spans = transaction.get(() -> {
            Map<Integer, Span> found = new HashMap<>();
            jdbc.sql("select kafka_partition, next_offset, end_offset from replay_position where replay_id = ?")
                    .param(replay.id())
                    .query(row -> {
                        found.put(row.getInt(1), new Span(row.getLong(2), row.getLong(3)));
                    });
            return found;
        });
        return spans.isEmpty() ? Optional.empty() : Optional.of(new Positions(spans));
    }

    /**
     * Notes what there is to read. Returns false where the replay is not this sink's any more.
     *
     * @param first is done in the same transaction
     */
    boolean begin(Replay replay, Positions positions, Runnable first) {
        return whileHeld(replay, () -> {
            first.run();
            for (int partition : positions.partitions()) {
                Span span = positions.of(partition);
                jdbc.sql(
                                "insert into replay_position (replay_id, kafka_partition, first_offset, next_offset, end_offset)"
                                        + " values (?, ?, ?, ?, ?)")
                        .params(replay.id(), partition, span.next(), span.next(), span.end())
                        .update();
            }
            return Tally.NONE;
        });
    }

    /**
     * Does the work and notes how far that brought the replay, in one transaction. Returns false, and did nothing, where
     * the replay is not this sink's any more: it was cancelled, or taken over.
     *
     * @param work returns where the partition is then
     */
    boolean advance(Replay replay, int partition, Supplier<Advance> work) {
        return whileHeld(replay, () -> {
            target(replay);
            Advance advance = work.get();
            jdbc.sql("update replay_position set next_offset = ?, end_offset = ? where replay_id = ?"
                            + " and kafka_partition = ?")
                    .params(advance.span().next(), advance.span().end(), replay.id(), partition)
                    .update();
            return advance.tally();
        });
    }

    /**
     * To the end of the transaction, the table of content is the replay's; every other one is where it always is. So what
     * writes rows need not know which table it is.
     */
    private void target(Replay replay) {
        if (replay.targetSchema() != null) {
            jdbc.sql("select set_config('search_path', quote_ident(?) || ', ' || current_setting('search_path'), true)")
                    .param(replay.targetSchema())
                    .query(String.class)
                    .single();
        }
    }

    /** @param tally of the records before the position */
    record Advance(Span span, Tally tally) {}

    /** Keeps the lease where nothing was read. Returns false where it is lost. */
    boolean renew(Replay replay) {
        return whileHeld(replay, () -> Tally.NONE);
    }

    void succeed(Replay replay) {
        end(replay, "succeeded", null, null);
    }

    void fail(Replay replay, Refused cause) {
        end(replay, "failed", "sink.replayFailed", String.valueOf(cause.getMessage()));
    }

    /** Gives the replay back, for another sink to go on with at once. */
    void release(Replay replay) {
        transaction.run(() -> jdbc.sql("update replay set lease_until = null where id = ? and lease_owner = ?")
                .params(replay.id(), owner)
                .update());
    }

    private boolean whileHeld(Replay replay, Supplier<Tally> work) {
        return transaction.get(() -> {
            boolean held = jdbc.sql(HOLD)
                    .params(replay.id(), owner)
                    .query(Boolean.class)
                    .optional()
                    .isPresent();
            if (held) {
                Tally tally = work.get();
                jdbc.sql(COUNT)
                        .params(
                                tally.matched(),
                                tally.inserted(),
                                tally.updated(),
                                tally.unchanged(),
                                tally.queued(),
                                tally.skipped(),
                                replay.id())
                        .update();
            }
            return held;
        });
    }

    private void end(Replay replay, String status, @Nullable String code, @Nullable String message) {
        transaction.run(() -> jdbc.sql(END)
                .param(status)
                .param(code)
                .param(message)
                .param(replay.id())
                .param(owner)
                .update());
    }

    private static Replay replay(ResultSet row) throws SQLException {
        OffsetDateTime fromTime = row.getObject("from_time", OffsetDateTime.class);
        return new Replay(
                row.getObject("id", UUID.class),
                Replay.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getObject("user_integration_id", UUID.class),
                row.getString("task_type"),
                instant(fromTime),
                row.getObject("from_offset", Long.class),
                row.getString("target_schema"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
