package io.tributary.sink.output;

import io.tributary.sink.output.RunRecord.Progress;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes again what a run had deleted since its listings, which named everything, did not show it: a replay brought it
 * back before it came to the run's end. What the run was not allowed to delete then, it does not delete now.
 *
 * <p>Spared is what a newer run said since, and what was written by a run that spoke after this one's end.
 */
final class DeleteAgain {

    private static final String MARK = """
            with listed as materialized (
              select distinct id from run_listing l, unnest(l.external_ids) as id where l.run_id = :run)
            update user_integration_content c
               set deleted_at = now(), updated_at = now(), run_sequence = :sequence
              from sync_run wrote
             where c.user_integration_id = :userIntegration and c.deleted_at is null and c.run_sequence < :sequence
               and wrote.id = c.run_id and wrote.sync_type = :syncType and wrote.sink_offset < :end
               and not exists (select from listed where listed.id = c.external_id)
               and exists (select from sync_run where id = :run and status = 'succeeded')
               and :listed = (select coalesce(sum(cardinality(external_ids)), 0) from run_listing where run_id = :run)
            """;

    private final JdbcClient jdbc;

    DeleteAgain(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Within the transaction that locked the run, wrote its last outputs and saved its last listing. Does nothing where
     * the run has not ended for live sinks: they will delete.
     */
    void delete(Run run, Progress end) {
        if (!run.finished() || run.goesBeside()) {
            return;
        }
        jdbc.sql(DeleteUnlisted.BY_HASH).update();
        jdbc.sql(MARK)
                .param("run", run.id())
                .param("sequence", run.sequence())
                .param("userIntegration", run.userIntegration().id())
                .param("syncType", run.syncType())
                .param("end", end.offset())
                .param("listed", end.progress().getListed())
                .update();
        jdbc.sql("delete from run_listing where run_id = ?").param(run.id()).update();
    }

    /** Lets go of listings that a replay left when it was cancelled: replays go one after the other. */
    void forgetListings() {
        jdbc.sql("delete from run_listing l using sync_run r where r.id = l.run_id and r.finished_at is not null")
                .update();
    }
}
