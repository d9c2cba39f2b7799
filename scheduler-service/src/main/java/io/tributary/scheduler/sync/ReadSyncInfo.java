package io.tributary.scheduler.sync;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.sync.SyncInfo.Consumer;
import io.tributary.scheduler.sync.SyncInfo.Integration;
import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.tables.RunQueries;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counts the live work of the caller or of all users. Reads live runs only, never the history. Of the system runs, only
 * requested one-off tasks count.
 */
@Component
record ReadSyncInfo(
        JdbcClient jdbc, RunQueries runs, OneOffTable oneOffs, Manifests manifests, FlagTable flags, Quotas quotas) {

    // For everyone: one look into the index a domain.
    private static final String LAST_SUCCESS_OF_ALL = """
        select d.domain, (
          select max(last_sync_at) from sync_schedule s where s.is_default and s.integration_domain = d.domain) as at
        from unnest(:domains::text[]) as d (domain)
        """;

    private static final String LAST_SUCCESS_OF_SOME = """
        select integration_domain as domain, max(last_sync_at) as at
        from user_integration where %s group by integration_domain
        """;

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
        return new SyncInfo(
                total.waiting(),
                total.executing(),
                newest,
                integrations,
                consumers(total, caller),
                flags.count(caller),
                quotas.of(caller));
    }

    private static Integration integration(String domain, Live live, @Nullable Instant lastSuccess) {
        return new Integration(domain, live.waiting(), live.executing(), live.runs(), lastSuccess);
    }

    private List<Consumer> consumers(Live total, Caller caller) {
        long waiting = oneOffs.countWaiting(caller);
        return runs.newest(
                caller,
                (row, _) -> List.of(
                        new Consumer("scheduler", total.undispatched(), 0, SqlTime.find(row, "dispatched")),
                        new Consumer(
                                "worker",
                                total.waiting() - total.undispatched(),
                                total.executing(),
                                SqlTime.find(row, "progressed")),
                        new Consumer("oneOff", waiting, total.oneOff(), SqlTime.find(row, "one_off"))));
    }

    private Map<String, Live> live(Caller caller) {
        return runs
                .countLive(
                        caller,
                        (row, _) -> Map.entry(
                                Objects.requireNonNull(row.getString("integration_domain")),
                                new Live(
                                        row.getLong("runs"),
                                        row.getLong("undispatched"),
                                        row.getLong("executing"),
                                        row.getLong("waiting"),
                                        row.getLong("one_off"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<String, Instant> lastSuccess(TreeSet<String> domains, Caller caller) {
        var found = new HashMap<String, Instant>();
        caller.statement(jdbc, caller.operator() ? LAST_SUCCESS_OF_ALL : LAST_SUCCESS_OF_SOME, "user_id")
                .param("domains", domains.toArray(String[]::new))
                .query(row -> {
                    Instant at = SqlTime.find(row, "at");
                    if (at != null) {
                        found.put(Objects.requireNonNull(row.getString("domain")), at);
                    }
                });
        return found;
    }
}
