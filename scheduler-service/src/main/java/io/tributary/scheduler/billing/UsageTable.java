package io.tributary.scheduler.billing;

import io.tributary.scheduler.SqlTime;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table usage_event. */
@Component
record UsageTable(JdbcClient jdbc) {

    /** What the ids of usage of runs begin with. No sender may use it, or its events would take their places. */
    static final String OF_RUN = "run:";

    private static final String INSERT = """
        insert into usage_event (org_id, id, meter, quantity, at, properties)
        select * from unnest(:orgs::text[], :ids::text[], :meters::text[], :quantities::numeric[],
                             :times::timestamptz[], :properties::jsonb[])
        on conflict do nothing
        """;

    // What a run used has its id, so that it counts once however often its event is published.
    private static final String INSERT_OF_RUNS = """
        insert into usage_event (org_id, id, meter, quantity, at)
        select r.org_id, :ofRun || r.id || ':' || m.meter, m.meter, m.quantity, r.finished_at
        from sync_run r
        join billing_account b on b.org_id = r.org_id
        join billing_plan p on p.id = b.plan_id
        cross join lateral (values ('runs', 1), ('items', r.outputs_saved), ('tasks', r.completed)) m (meter, quantity)
        where r.id = any (:runs::uuid[]) and r.finished_at is not null and m.quantity > 0
          and p.prices @> jsonb_build_array(jsonb_build_object('meter', m.meter))
        order by 1, 2
        on conflict do nothing
        """;

    private static final String SUMS = """
        select meter, sum(quantity) as quantity, count(*) as events,
               count(*) filter (where invoice_id is null) as unbilled
        from usage_event
        where org_id = :org and at >= :from and at < :to and meter > :after
        group by meter order by meter limit :limit
        """;

    private static final String OF_LINE = """
        select id, meter, quantity, at, received_at from usage_event
        where invoice_id = :invoice and meter = :meter and (at, id) > (:time, :id)
        order by at, id limit :limit
        """;

    private static final String CLAIM = """
        update usage_event set invoice_id = :invoice
        where (org_id, id) in (
          select org_id, id from usage_event
          where org_id = :org and invoice_id is null and at >= :from and at < :ends and received_at < :created
          order by at limit :batch)
        """;

    private static final String OF_INVOICE = """
        select meter, sum(quantity) as quantity, count(*) as events, count(*) filter (where at < :begins) as late
        from usage_event where invoice_id = :invoice group by meter order by meter
        """;

    /**
     * A usage event to insert.
     *
     * @param properties JSON object as text
     */
    record NewEvent(String orgId, String id, String meter, BigDecimal quantity, Instant at, String properties) {}

    /** What an invoice bills of a meter: its quantity, its events, and those of them from before the cycle. */
    record Billed(String meter, BigDecimal quantity, long events, long late) {}

    /** Inserts events that are new; returns how many were. */
    int insert(Collection<NewEvent> events) {
        // Always in the same order, so that two requests with the same events never wait for each other.
        var sorted = events.stream()
                .sorted(Comparator.comparing(NewEvent::orgId).thenComparing(NewEvent::id))
                .toList();
        return jdbc.sql(INSERT)
                .param("orgs", column(sorted, NewEvent::orgId))
                .param("ids", column(sorted, NewEvent::id))
                .param("meters", column(sorted, NewEvent::meter))
                .param("quantities", column(sorted, event -> event.quantity().toPlainString()))
                .param("times", column(sorted, event -> SqlTime.of(event.at()).toString()))
                .param("properties", column(sorted, NewEvent::properties))
                .update();
    }

    private static String[] column(List<NewEvent> events, Function<NewEvent, String> of) {
        return events.stream().map(of).toArray(String[]::new);
    }

    /** Inserts what ended runs used of the meters that their organisations pay for. */
    void insertOfRuns(Collection<UUID> runs) {
        jdbc.sql(INSERT_OF_RUNS)
                .param("ofRun", OF_RUN)
                .param("runs", runs.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    /** The sums of an organisation by meter, from one time to before another, after a meter. */
    List<UsageSum> sums(String orgId, Instant from, Instant to, String after, int limit) {
        return jdbc.sql(SUMS)
                .param("org", orgId)
                .param("from", SqlTime.of(from))
                .param("to", SqlTime.of(to))
                .param("after", after)
                .param("limit", limit)
                .query(UsageSum.class)
                .list();
    }

    /** The events of a meter that an invoice bills, in the order of time. */
    List<BilledEvent> of(UUID invoice, String meter, BilledEvent.Position after, int limit) {
        return jdbc.sql(OF_LINE)
                .param("invoice", invoice)
                .param("meter", meter)
                .param("time", SqlTime.of(after.at()))
                .param("id", after.id())
                .param("limit", limit)
                .query((row, _) -> read(row))
                .list();
    }

    private static BilledEvent read(ResultSet row) throws SQLException {
        return new BilledEvent(
                row.getString("id"),
                row.getString("meter"),
                row.getBigDecimal("quantity"),
                SqlTime.read(row, "at"),
                SqlTime.read(row, "received_at"));
    }

    /** Claims some of the events that an invoice is to bill; returns how many. */
    int claim(Invoice invoice, int batch) {
        return jdbc.sql(CLAIM)
                .param("invoice", invoice.id())
                .param("org", invoice.orgId())
                .param("from", SqlTime.of(invoice.billedFrom()))
                .param("ends", SqlTime.of(invoice.ends()))
                .param("created", SqlTime.of(invoice.createdAt()))
                .param("batch", batch)
                .update();
    }

    /** What an invoice has claimed, by meter. */
    List<Billed> claimed(Invoice invoice) {
        return jdbc.sql(OF_INVOICE)
                .param("invoice", invoice.id())
                .param("begins", SqlTime.of(invoice.begins()))
                .query(Billed.class)
                .list();
    }
}
