package io.tributary.sink.deletions;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.Run;
import java.util.UUID;

/**
 * Recognizes a complete listing that equals the one before: then nothing can be missing in it, unless some run has
 * written content since. So a large account in which nothing changes is not compared row by row.
 */
public record UnchangedListings(Postgres postgres) {

    /** Whatever the order of the pages was. */
    private static final String DIGEST = """
        select count(*) || '/' || coalesce(sum(hashtextextended(id, 0)::numeric), 0)
          from run_listing l, unnest(l.external_ids) as id where l.run_id = ?\
        """;

    private static final String IS_KNOWN = """
        select exists (
          select from sync_schedule s
           where s.user_integration_id = :userIntegrationId and s.sync_type = :syncType and s.listed_digest = :digest
             and not exists (
               select from sync_run r
                where r.user_integration_id = s.user_integration_id and r.id <> :run
                  and (r.finished_at is null or r.finished_at >= s.listed_at)
                  and r.rows_inserted + r.rows_updated > 0))\
        """;

    private static final String NOTE = """
        update sync_schedule set listed_digest = :digest, listed_at = now()
         where user_integration_id = :userIntegrationId and sync_type = :syncType\
        """;

    private static final String FORGET = """
        update sync_schedule set listed_digest = null
         where user_integration_id = ? and listed_digest is not null\
        """;

    private record Listed(UUID run, UUID userIntegrationId, String syncType, String digest) {
        static Listed of(Run run, String digest) {
            return new Listed(run.id(), run.userIntegrationId(), run.syncType(), digest);
        }
    }

    /** Of the listing of a run, all of which was saved. */
    String digest(Run run) {
        return postgres.sql(DIGEST).param(run.id()).query(String.class).single();
    }

    boolean isKnown(Run run, String digest) {
        return postgres.sql(IS_KNOWN, Listed.of(run, digest))
                .query(Boolean.class)
                .single();
    }

    /** Within the transaction that compared the listing with the content, and deletes the other rows. */
    void note(Run run, String digest) {
        postgres.sql(NOTE, Listed.of(run, digest)).update();
    }

    /**
     * After content of the account was written by no run that is new. Within the transaction that locked the account.
     */
    public void forget(UUID userIntegrationId) {
        postgres.sql(FORGET).param(userIntegrationId).update();
    }
}
