package io.tributary.sink.output;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes what was synced before and is on none of the lists of a run that listed everything there is. Which rows these
 * are is decided by the transaction that ends the run; the first thousands are marked by it, and the rest soon after, by
 * {@link MarkDeleted}, so that a run that ends with a million of them holds nothing up.
 *
 * <p>What the run saw is what it listed, and what it wrote: rows of its own sequence, or a later one. Only rows of the
 * run's sync type are deleted. One whose run is gone cannot be told, and stays.
 */
final class DeleteUnlisted {

    /** Code of a run whose deletions are too many to be carried out unasked. */
    static final String UNCONFIRMED = "sink.deletionsNeedConfirmation";

    /** Code of a run of which some lists did not arrive. */
    static final String LISTINGS_MISSING = "sink.listingsMissing";

    private static final Logger log = LoggerFactory.getLogger(DeleteUnlisted.class);

    /** What looking up the rows of outputs forbade, for the rest of the transaction. */
    static final String BY_HASH =
            "set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on";

    private static final String SAVED = """
            select coalesce(sum(cardinality(external_ids)), 0) from run_listing where run_id = :run""";

    private static final String LISTED = """
            with listed as materialized (
              select distinct id from run_listing l, unnest(l.external_ids) as id where l.run_id = :run)
            """;

    private static final String ROWS = """
              from user_integration_content c left join listed on listed.id = c.external_id
             where c.user_integration_id = :userIntegration and c.deleted_at is null
               and c.run_id in (select id from sync_run
                                 where user_integration_id = :userIntegration and sync_type = :syncType)
            """;

    private static final String UNLISTED = "listed.id is null and c.run_sequence < :sequence";

    private static final String COUNT = LISTED + """
            select count(*) as live, count(*) filter (where %s) as unlisted,
                   (select rows_inserted from sync_run where id = :run) as inserted,
                   (select coalesce(options ->> 'force' = 'true', false) from sync_run where id = :run) as forced
            """.formatted(UNLISTED) + ROWS;

    private static final String QUEUE = LISTED + """
            insert into pending_deletion (run_id, part, user_integration_id, content_ids)
            select :run, part, :userIntegration, array_agg(id order by id)
              from (select c.id, (row_number() over (order by c.id) - 1) / :size as part
            """ + ROWS + " and " + UNLISTED + ") gone group by part";

    private final JdbcClient jdbc;
    private final MarkDeleted markDeleted;
    private final DeletionBounds bounds;

    DeleteUnlisted(JdbcClient jdbc, MarkDeleted markDeleted, DeletionBounds bounds) {
        this.jdbc = jdbc;
        this.markDeleted = markDeleted;
        this.bounds = bounds;
    }

    /**
     * Within the transaction that locked the run, saved its last listing and its last outputs.
     *
     * @param end the run has succeeded and listed everything
     * @param inserted rows that the batch at hand inserted for the run
     * @return why nothing was deleted; empty: what is gone is, or will be, marked
     */
    Optional<RunError> delete(Run run, RunProgress end, long inserted) {
        var parameters = new MapSqlParameterSource()
                .addValue("run", run.id())
                .addValue("userIntegration", run.userIntegration().id())
                .addValue("syncType", run.syncType())
                .addValue("sequence", run.sequence())
                .addValue("size", MarkDeleted.PART_ROWS);
        long saved = jdbc.sql(SAVED).paramSource(parameters).query(Long.class).single();
        if (saved != end.getListed()) {
            return refused(
                    run,
                    LISTINGS_MISSING,
                    "The run listed " + end.getListed() + " items, of which " + saved
                            + " arrived: nothing was deleted. See the dead letters.");
        }
        jdbc.sql(BY_HASH).update();
        Counts counts =
                jdbc.sql(COUNT).paramSource(parameters).query(Counts.class).single();
        if (counts.unlisted() == 0) {
            return Optional.empty();
        }
        // What the run itself inserted was not there before.
        long known = Math.max(counts.live() - counts.inserted() - inserted, counts.unlisted());
        double share = end.getMaxDeletedShare() == null ? bounds.maxShare() : end.getMaxDeletedShare();
        if (!counts.forced() && !bounds.allow(counts.unlisted(), known, share)) {
            return refused(
                    run,
                    UNCONFIRMED,
                    counts.unlisted() + " of " + known
                            + " items are not at the provider any more. So many were not deleted unasked: if it is true, confirm"
                            + " it by a sync with the option force.");
        }
        jdbc.sql(QUEUE).paramSource(parameters).update();
        markDeleted.mark(new MarkDeleted.Part(run.id(), 0, run.userIntegration().id()));
        log.info(
                "marking what the run did not list as deleted rows={} runId={} userIntegrationId={}",
                counts.unlisted(),
                run.id(),
                run.userIntegration().id());
        return Optional.empty();
    }

    private static Optional<RunError> refused(Run run, String code, String message) {
        log.warn(
                "{}: {} runId={} userIntegrationId={}",
                code,
                message,
                run.id(),
                run.userIntegration().id());
        return Optional.of(new RunError(code, message, "transient"));
    }

    private record Counts(long live, long unlisted, long inserted, boolean forced) {}
}
