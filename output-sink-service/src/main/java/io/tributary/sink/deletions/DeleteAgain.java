package io.tributary.sink.deletions;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunRecord.Progress;
import java.sql.Types;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a run's deletions during a replay, which restored the deleted items before it read the run's end. It omits a
 * deletion that the run itself was not allowed to make.
 *
 * <p>It keeps items that were written by a newer run, or by a run with records behind this run's end.
 */
public record DeleteAgain(Postgres postgres) {

    private static final String MARK = DeleteUnlisted.LISTED + """
        update user_integration_content c
           set deleted_at = now(), updated_at = now(), run_sequence = :sequence
         where c.user_integration_id = :userIntegrationId and c.deleted_at is null and c.run_sequence < :sequence
           and coalesce(c.sync_type, (select sync_type from sync_run where id = c.run_id)) = :syncType
           and not exists (select from sync_run wrote where wrote.id = c.run_id and wrote.sink_offset >= :end)
           and not exists (select from listed where listed.id = c.external_id)
           and exists (select from sync_run where id = :id and status = 'succeeded')
           and :listed = (select coalesce(sum(cardinality(external_ids)), 0) from run_listing where run_id = :id)
        """;

    /**
     * Within the transaction that locked the run, wrote its last outputs and saved its last listing. Does nothing if
     * live sinks have not ended the run yet: they will delete.
     */
    public void delete(Run run, Progress end) {
        if (!run.finished() || !run.exclusive()) {
            return;
        }
        postgres.sql(DeleteUnlisted.BY_HASH).update();
        postgres.sql(MARK, Deletion.of(run, end)).update();
        postgres.sql("delete from run_listing where run_id = ?").param(run.id()).update();
    }

    /** Has the next complete listing of the account compared with its content, of which a replay has written some. */
    public void compareAgain(UUID userIntegrationId) {
        new UnchangedListings(postgres).forget(userIntegrationId);
    }

    /**
     * Deletes the listings that a cancelled replay of the same accounts left: such replays run one after the other.
     *
     * @param userIntegrationId null: of all accounts
     */
    public void deleteOldListings(@Nullable UUID userIntegrationId) {
        postgres.sql("delete from run_listing l using sync_run r where r.id = l.run_id and r.finished_at is not null"
                        + " and r.user_integration_id = coalesce(?, r.user_integration_id)")
                .param(1, userIntegrationId, Types.OTHER)
                .update();
    }

    private record Deletion(UUID id, long sequence, UUID userIntegrationId, String syncType, long end, Long listed) {
        static Deletion of(Run run, Progress end) {
            return new Deletion(
                    run.id(),
                    run.sequence(),
                    run.userIntegrationId(),
                    run.syncType(),
                    end.offset(),
                    end.progress().getListed());
        }
    }
}
