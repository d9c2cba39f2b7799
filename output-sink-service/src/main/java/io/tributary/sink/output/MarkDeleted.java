package io.tributary.sink.output;

import io.tributary.sink.postgres.InTransaction;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Marks rows as deleted that a run which has ended did not list, a part at a time. A part goes in the transaction that
 * marks its rows, so whoever goes on after a crash marks what is left, once.
 *
 * <p>A later run may bring an item back in between: then its row has that run's sequence, and is left alone. For a later
 * run to leave a trace also where it finds an item as it was, {@link LockRuns} looks for parts that are left.
 */
public final class MarkDeleted {

    /** Rows a part at most: some tens of milliseconds. */
    static final int PART_ROWS = 5_000;

    private static final String NEXT =
            "select run_id, part, user_integration_id from pending_deletion order by run_id, part limit 1";

    /** As everywhere, the user integration before the run. */
    private static final String LOCK_USER_INTEGRATION =
            "select id from user_integration where id = ? for no key update";

    private static final String MARK = """
            with part as (
              delete from pending_deletion where run_id = ? and part = ? returning run_id, content_ids
            ), marked as (
              update user_integration_content c
                 set deleted_at = now(), updated_at = now(), run_sequence = r.sequence
                from part join sync_run r on r.id = part.run_id
               where c.id = any(part.content_ids) and c.run_sequence < r.sequence and c.deleted_at is null
              returning c.id
            )
            update sync_run set rows_deleted = rows_deleted + (select count(*) from marked)
             where id = (select run_id from part)""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;

    public MarkDeleted(InTransaction transaction, JdbcTemplate jdbc) {
        this.transaction = transaction;
        this.jdbc = JdbcClient.create(jdbc);
    }

    /** @param number from 0 on */
    record Part(UUID runId, int number, UUID userIntegrationId) {}

    /**
     * Marks the rows of one part; returns false where there is none left.
     *
     * @throws io.tributary.sink.consume.Unavailable Postgres cannot be used: call again later
     */
    public boolean next() {
        return transaction.get(() -> {
            Optional<Part> next = jdbc.sql(NEXT)
                    .query((row, n) -> new Part(
                            row.getObject("run_id", UUID.class),
                            row.getInt("part"),
                            row.getObject("user_integration_id", UUID.class)))
                    .optional();
            next.ifPresent(part -> {
                jdbc.sql(LOCK_USER_INTEGRATION)
                        .param(part.userIntegrationId())
                        .query(UUID.class)
                        .optional();
                mark(part);
            });
            return next.isPresent();
        });
    }

    /** Within a transaction that locked the user integration. Does nothing where another sink was faster. */
    void mark(Part part) {
        jdbc.sql(MARK).params(part.runId(), part.number()).update();
    }
}
