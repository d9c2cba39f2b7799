package io.tributary.sink.deletions;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.Run;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes items that were synced before and that a run with a complete listing did not list. The transaction that ends
 * the run selects these rows. It marks the first thousands itself, and {@link MarkDeleted} marks the others soon after,
 * so that a run with a million deletions delays no other.
 *
 * <p>A run has seen the items that it listed and those that it wrote: rows of its own sequence, or of a later one. Only
 * rows of the run's sync type are deleted, however old the run is that wrote them.
 */
public record DeleteUnlisted(
        Postgres postgres, MarkDeleted markDeleted, UnchangedListings unchangedListings, Bounds bounds) {

    public DeleteUnlisted(Postgres postgres, Bounds bounds) {
        this(postgres, new MarkDeleted(postgres), new UnchangedListings(postgres), bounds);
    }

    /** Code of a run with too many deletions without confirmation. */
    static final String UNCONFIRMED = "sink.deletionsNeedConfirmation";

    /** Code of a run with missing listings. */
    static final String LISTINGS_MISSING = "sink.listingsMissing";

    private static final Logger log = LoggerFactory.getLogger(DeleteUnlisted.class);

    /** Allows the plans again that {@code ContentTable} has switched off for the transaction. */
    static final String BY_HASH =
            "set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on";

    private static final String SAVED =
            "select coalesce(sum(cardinality(external_ids)), 0) from run_listing where run_id = ?";

    static final String LISTED = """
        with listed as materialized (
          select distinct id from run_listing l, unnest(l.external_ids) as id where l.run_id = :id)
        """;

    private static final String ROWS = """
          from user_integration_content c left join listed on listed.id = c.external_id
         where c.user_integration_id = :userIntegrationId and c.deleted_at is null
           and (c.sync_type = :syncType or c.sync_type is null and exists (
                  select from sync_run wrote where wrote.id = c.run_id and wrote.sync_type = :syncType))
        """;

    private static final String UNLISTED = "listed.id is null and c.run_sequence < :sequence";

    private static final String COUNT = LISTED + """
        select count(*) as live, count(*) filter (where %s) as unlisted,
               (select rows_inserted from sync_run where id = :id) as inserted,
               (select coalesce(options ->> 'force' = 'true', false) from sync_run where id = :id) as forced
        """.formatted(UNLISTED) + ROWS;

    private static final String QUEUE =
            LISTED + """
                insert into pending_deletion (run_id, part, user_integration_id, content_ids)
                select :id, part, :userIntegrationId, array_agg(id order by id)
                  from (select c.id, (row_number() over (order by c.id) - 1) / %d as part
                """.formatted(MarkDeleted.PART_ROWS) + ROWS + " and " + UNLISTED + ") gone group by part";

    /**
     * Limits of the deletions of one run. More deletions look like a fault of the provider or of the account, and wait
     * until a person confirms them by a run with {@code force}.
     *
     * @param maxShare largest share of the items before the run, above 0 and up to 1, unless the integration's manifest
     *     sets another; default 0.5
     * @param alwaysAllowed rows that may be deleted whatever their share is, 0 and up; default 20
     */
    public record Bounds(double maxShare, int alwaysAllowed) {

        public static final Bounds DEFAULT = new Bounds(0.5, 20);

        public Bounds {
            if (!(maxShare > 0 && maxShare <= 1)) {
                throw new IllegalArgumentException("maxShare is " + maxShare + "; it must be above 0 and at most 1");
            }
            if (alwaysAllowed < 0) {
                throw new IllegalArgumentException("alwaysAllowed is " + alwaysAllowed + "; it must be 0 and up");
            }
        }

        /** @param known number of items before the run */
        boolean allow(long deletions, long known, double share) {
            return deletions <= alwaysAllowed || deletions <= known * share;
        }
    }

    /**
     * Within the transaction that locked the run, saved its last listing and its last outputs.
     *
     * @param end of a run that succeeded and listed everything
     * @param inserted rows that the batch at hand inserted for the run
     * @return the reason why nothing was deleted; empty: the unlisted rows are marked, or will be
     */
    public Optional<RunError> delete(Run run, RunProgress end, long inserted) {
        long saved = postgres.sql(SAVED).param(run.id()).query(Long.class).single();
        if (saved != end.getListed()) {
            return stopped(
                    run,
                    LISTINGS_MISSING,
                    "The run listed " + end.getListed() + " items, of which " + saved
                            + " arrived: nothing was deleted. See the dead letters.");
        }
        String digest = unchangedListings.digest(run);
        if (unchangedListings.isKnown(run, digest)) {
            return Optional.empty();
        }
        postgres.sql(BY_HASH).update();
        Counts counts = postgres.sql(COUNT, run).query(Counts.class).single();
        if (counts.unlisted() == 0) {
            unchangedListings.note(run, digest);
            return Optional.empty();
        }
        // Rows that the run itself inserted did not exist before.
        long known = Math.max(counts.live() - counts.inserted() - inserted, counts.unlisted());
        double share = end.getMaxDeletedShare() == null ? bounds.maxShare() : end.getMaxDeletedShare();
        if (!counts.forced() && !bounds.allow(counts.unlisted(), known, share)) {
            return stopped(
                    run,
                    UNCONFIRMED,
                    counts.unlisted() + " of " + known
                            + " items are no longer at the provider. Nothing was deleted, since these are many. If it"
                            + " is true, confirm it by a sync with the option force.");
        }
        unchangedListings.note(run, digest);
        postgres.sql(QUEUE, run).update();
        markDeleted.mark(new MarkDeleted.Part(run.id(), 0, run.userIntegrationId()));
        log.info(
                "sink.deletionsMarked: marking items that the run did not list as deleted rows={} runId={}"
                        + " userIntegrationId={}",
                counts.unlisted(),
                run.id(),
                run.userIntegrationId());
        return Optional.empty();
    }

    private static Optional<RunError> stopped(Run run, String code, String message) {
        log.warn(
                "sink.deletionsStopped: nothing was deleted code={} reason={} runId={} userIntegrationId={}",
                code,
                message,
                run.id(),
                run.userIntegrationId());
        return Optional.of(new RunError(code, message, "transient"));
    }

    private record Counts(long live, long unlisted, long inserted, boolean forced) {}
}
