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
        with recursive integration (domain, due) as (%s), further (domain, due) as (%s)
        select %s as domains, %s as further
        """.formatted(
            firstOfEach("integration", "user_integration", "sync_status = 'active' and next_sync_at is not null"),
            firstOfEach("further", "sync_schedule", "next_sync_at is not null"),
            dueOf("integration"),
            dueOf("further"));

    /** The longest due row of each integration, from integration to integration by an index on both columns. */
    private static String firstOfEach(String found, String table, String scheduled) {
        return """
            (select integration_domain, next_sync_at from %2$s
              where %3$s
              order by integration_domain, next_sync_at limit 1)
            union all
            select next.integration_domain, next.next_sync_at
              from %1$s, lateral (
                select integration_domain, next_sync_at from %2$s
                 where %3$s and integration_domain > domain
                 order by integration_domain, next_sync_at limit 1) next
            """.formatted(found, table, scheduled);
    }

    private static String dueOf(String found) {
        return """
            array(select domain from %s
                   where due <= :now and not exists (select from sync_pause where name in ('all', domain))
                   order by due)\
            """.formatted(found);
    }

    private final JdbcClient jdbc;

    FindDue(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What it may be worth to look for.
     *
     * @param domains of the integrations whose default sync type is due for someone, the longest due first
     * @param further of the integrations of which another one is, likewise
     */
    record WhatIsDue(List<String> domains, List<String> further) {}

    WhatIsDue at(Instant now) {
        return jdbc.sql(FIND)
                .param("now", SqlTime.of(now))
                .query((row, _) -> new WhatIsDue(domains(row, "domains"), domains(row, "further")))
                .single();
    }

    private static List<String> domains(ResultSet row, String column) throws SQLException {
        Array domains = row.getArray(column);
        return List.of((String[]) domains.getArray());
    }
}
