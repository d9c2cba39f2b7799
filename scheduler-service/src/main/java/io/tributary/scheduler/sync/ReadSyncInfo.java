package io.tributary.scheduler.sync;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.SystemRuns;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.sync.SyncInfo.Consumer;
import io.tributary.scheduler.sync.SyncInfo.Integration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts what is under way, of the caller or of everyone. Reads live runs only, never the history. System runs do not
 * count, but for one-off tasks, which somebody asked for.
 */
@Component
class ReadSyncInfo {

    // Asks for any user, or no index of live runs could be used: each of them wants its key (V17).
    private static final String LIVE = """
        select integration_domain, count(*) as runs, count(*) filter (where dispatched_at is null) as undispatched,
               coalesce(sum(executing), 0) as executing,
               coalesce(sum(greatest(spawned + 1 - completed - failed - executing, 0)), 0) as waiting,
               count(*) filter (where sync_type = '%s') as one_off
        from sync_run
        where user_id >= '' and finished_at is null and %s and %s
        group by integration_domain
        """;

    // For everyone: one look into the index a domain.
    private static final String LAST_SUCCESS_OF_ALL = """
        select d.domain, (select max(last_sync_at) from user_integration i where i.integration_domain = d.domain) as at
        from unnest(:domains::text[]) as d (domain)
        """;

    private static final String LAST_SUCCESS_OF_USER = """
        select integration_domain as domain, max(last_sync_at) as at
        from user_integration where user_id = :caller group by integration_domain
        """;

    // Of the newest runs: an older one says nothing newer.
    private static final String NEWEST = """
        select max(dispatched_at) as dispatched, max(progress_at) as progressed,
               max(finished_at) filter (where sync_type = '%s' and status = 'succeeded') as one_off
        from (select dispatched_at, progress_at, finished_at, sync_type, status
              from sync_run where %s and %s order by sequence desc limit 100) newest
        """;

    private static final String WAITING_ONE_OFFS =
            "select count(*) from one_off_task where run_id is null and cancelled_at is null and %s";

    private record Live(long runs, long undispatched, long executing, long waiting, long oneOff) {
        static final Live NONE = new Live(0, 0, 0, 0, 0);

        Live plus(Live other) {
            return new Live(
                    runs + other.runs,
                    undispatched + other.undispatched,
                    executing + other.executing,
                    waiting + other.waiting,
                    oneOff + other.oneOff);
        }
    }

    private final JdbcClient jdbc;
    private final Manifests manifests;

    ReadSyncInfo(JdbcClient jdbc, Manifests manifests) {
        this.jdbc = jdbc;
        this.manifests = manifests;
    }

    SyncInfo read(Caller caller) {
        var live = live(caller);
        var domains = new TreeSet<>(live.keySet());
        manifests.all().stream().map(Manifest::domain).forEach(domains::add);
        var lastSuccess = lastSuccess(domains, caller);
        domains.addAll(lastSuccess.keySet());
        var integrations = domains.stream()
                .map(domain -> integration(domain, live.getOrDefault(domain, Live.NONE), lastSuccess.get(domain)))
                .toList();
        Live total = live.values().stream().reduce(Live.NONE, Live::plus);
        Instant newest = lastSuccess.values().stream().max(Instant::compareTo).orElse(null);
        return new SyncInfo(total.waiting(), total.executing(), newest, integrations, consumers(total, caller));
    }

    private static Integration integration(String domain, Live live, @Nullable Instant lastSuccess) {
        return new Integration(domain, live.waiting(), live.executing(), live.runs(), lastSuccess);
    }

    private List<Consumer> consumers(Live total, Caller caller) {
        long waiting = jdbc.sql(WAITING_ONE_OFFS.formatted(caller.ownRows("user_id")))
                .param(Caller.PARAMETER, caller.userId())
                .query(Long.class)
                .single();
        return jdbc.sql(NEWEST.formatted(OneOffTasks.SYNC_TYPE, SystemRuns.ASKED_FOR, caller.ownRows("user_id")))
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> List.of(
                        new Consumer("scheduler", total.undispatched(), 0, SqlTime.find(row, "dispatched")),
                        new Consumer(
                                "worker",
                                total.waiting() - total.undispatched(),
                                total.executing(),
                                SqlTime.find(row, "progressed")),
                        new Consumer("oneOff", waiting, total.oneOff(), SqlTime.find(row, "one_off"))))
                .single();
    }

    private Map<String, Live> live(Caller caller) {
        var live = new HashMap<String, Live>();
        jdbc.sql(LIVE.formatted(OneOffTasks.SYNC_TYPE, SystemRuns.ASKED_FOR, caller.ownRows("user_id")))
                .param(Caller.PARAMETER, caller.userId())
                .query(row -> {
                    live.put(
                            row.getString("integration_domain"),
                            new Live(
                                    row.getLong("runs"),
                                    row.getLong("undispatched"),
                                    row.getLong("executing"),
                                    row.getLong("waiting"),
                                    row.getLong("one_off")));
                });
        return live;
    }

    private Map<String, Instant> lastSuccess(TreeSet<String> domains, Caller caller) {
        var found = new HashMap<String, Instant>();
        jdbc.sql(caller.operator() ? LAST_SUCCESS_OF_ALL : LAST_SUCCESS_OF_USER)
                .param("domains", domains.toArray(String[]::new))
                .param(Caller.PARAMETER, caller.userId())
                .query(row -> {
                    Instant at = SqlTime.find(row, "at");
                    if (at != null) {
                        found.put(Objects.requireNonNull(row.getString("domain")), at);
                    }
                });
        return found;
    }
}
