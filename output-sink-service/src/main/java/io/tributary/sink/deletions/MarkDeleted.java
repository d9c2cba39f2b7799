package io.tributary.sink.deletions;

import io.tributary.sink.postgres.Postgres;
import java.util.Optional;
import java.util.UUID;

/**
 * Marks the unlisted rows of ended runs as deleted, in parts. The transaction that marks the rows of a part also
 * deletes the part, so after a crash another sink marks the remaining rows, once.
 *
 * <p>If a later run restores an item in between, the row has that run's sequence and stays unmarked.
 * {@link io.tributary.sink.run.LockRuns} looks for remaining parts, so that a later run writes its sequence even to
 * the row of
 * an unchanged item.
 */
public record MarkDeleted(Postgres postgres) {

    /** Most rows of a part: some tens of milliseconds. */
    public static final int PART_ROWS = 5_000;

    private static final String NEXT =
            "select run_id, part as number, user_integration_id from pending_deletion order by run_id, part limit 1";

    /** Locks the user integration before the run, as everywhere. */
    private static final String LOCK_USER_INTEGRATION =
            "select id from user_integration where id = ? for no key update";

    private static final String MARK = """
        with part as (
          delete from pending_deletion where run_id = :runId and part = :number returning run_id, content_ids
        ), marked as (
          update user_integration_content c
             set deleted_at = now(), updated_at = now(), run_sequence = r.sequence
            from part join sync_run r on r.id = part.run_id
           where c.id = any(part.content_ids) and c.run_sequence < r.sequence and c.deleted_at is null
          returning c.id
        )
        update sync_run set rows_deleted = rows_deleted + (select count(*) from marked)
         where id = (select run_id from part)\
        """;

    /** @param number from 0 on */
    record Part(UUID runId, int number, UUID userIntegrationId) {}

    /**
     * Marks the rows of one part; returns false if no part is left.
     *
     * @throws io.tributary.sink.outage.Unavailable Postgres cannot be used: call again later
     */
    public boolean next() {
        return postgres.get(() -> {
            Optional<Part> next = postgres.sql(NEXT).query(Part.class).optional();
            next.ifPresent(part -> {
                postgres.sql(LOCK_USER_INTEGRATION)
                        .param(part.userIntegrationId())
                        .query(UUID.class)
                        .optional();
                mark(part);
            });
            return next.isPresent();
        });
    }

    /** Within a transaction that locked the user integration. Does nothing if another sink was faster. */
    void mark(Part part) {
        postgres.sql(MARK, part).update();
    }
}
