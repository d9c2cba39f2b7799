package io.tributary.scheduler.polling;

import io.tributary.scheduler.SqlTime;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Asks what is due, in one round trip and without looking at each account. The integrations are found one after the other
 * by an index that has them in order, and of each the account that is due first: so a platform that is paused with half a
 * million accounts, all of which fall due, costs no more than any other.
 */
final class FindDue {

    private static final String FIND = """
        with recursive integration (domain, due) as (
          (select integration_domain, next_sync_at from user_integration
            where sync_status = 'active' and next_sync_at is not null
            order by integration_domain, next_sync_at limit 1)
          union all
          select next.integration_domain, next.next_sync_at
            from integration, lateral (
              select integration_domain, next_sync_at from user_integration
               where sync_status = 'active' and next_sync_at is not null and integration_domain > domain
               order by integration_domain, next_sync_at limit 1) next
        )
        select array(select domain from integration
                      where due <= :now and not exists (select from sync_pause where name in ('all', domain))
                      order by due) as domains,
               exists (select from sync_schedule where next_sync_at <= :now) as further
        """;

    private final JdbcClient jdbc;

    FindDue(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What it may be worth to look for.
     *
     * @param domains of the integrations whose default sync type is due for someone, the longest due first
     * @param furtherSyncTypes whether another one is, of any integration
     */
    record WhatIsDue(List<String> domains, boolean furtherSyncTypes) {}

    WhatIsDue at(Instant now) {
        return jdbc.sql(FIND)
                .param("now", SqlTime.of(now))
                .query((row, _) -> new WhatIsDue(domains(row), row.getBoolean("further")))
                .single();
    }

    private static List<String> domains(ResultSet row) throws SQLException {
        Array domains = row.getArray("domains");
        return List.of((String[]) domains.getArray());
    }
}
