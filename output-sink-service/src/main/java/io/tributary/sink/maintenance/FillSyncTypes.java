package io.tributary.sink.maintenance;

import io.tributary.sink.postgres.Postgres;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fills the sync type of content that an earlier version wrote, once: the type of the row's run or, where that run was
 * deleted already, the only sync type of the account. Rows of other accounts stay without one, and are never deleted
 * because a listing lacks them.
 *
 * @param rows rows that one step checks, 1 to 10,000
 */
public record FillSyncTypes(Postgres postgres, int rows) implements MaintenanceJob {

    private static final Duration ONCE = Duration.ofDays(36_500);

    /** Rows that another transaction has locked are left out, so that the step waits for nobody. */
    private static final String FILL = """
        with page as (
          select id, sync_type from user_integration_content where id > :after order by id limit :rows),
        open as (
          select c.id, c.run_id, c.user_integration_id from user_integration_content c join page p on p.id = c.id
           where p.sync_type is null for no key update of c skip locked),
        filled as (
          update user_integration_content c
             set sync_type = coalesce(
                   (select r.sync_type from sync_run r where r.id = o.run_id),
                   (select min(s.sync_type) from sync_schedule s where s.user_integration_id = o.user_integration_id
                     having count(*) = 1))
            from open o where c.id = o.id returning c.sync_type)
        select (select count(*) from page) as rows, (select coalesce(max(id), 0) from page) as last,
               (select count(*) from filled) as filled\
        """;

    @Override
    public String name() {
        return "sync-types";
    }

    @Override
    public Duration every() {
        return ONCE;
    }

    @Override
    public Step step(@Nullable String position) {
        long after = position == null ? 0 : Long.parseLong(position);
        Filled filled = postgres.get(() ->
                postgres.sql(FILL, new Page(after, rows)).query(Filled.class).single());
        return new Step(filled.rows() < rows ? null : Long.toString(filled.last()), 0);
    }

    private record Page(long after, int rows) {}

    private record Filled(long rows, long last, long filled) {}
}
