package io.tributary.scheduler.billing;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables invoice and invoice_line. */
@Component
record InvoiceTable(JdbcClient jdbc) {

    private static final String INSERT = """
        insert into invoice (org_id, begins, ends, period, status, currency, fixed_fee, prices, billed_from,
                             charge_account, customer, created_at)
        select :org, :begins, :ends, :period, 'closing', currency, fixed_fee, prices, :billedFrom,
               :chargeAccount::uuid, :customer::text, clock_timestamp()
        from billing_plan where id = :plan
        """;

    // The invoices of an organisation claim its usage one after the other, so that each event is on the first one.
    private static final String LOCK_CLOSING = "select " + Invoice.COLUMNS + """
         from invoice i
        where status = 'closing' and id <> all (:except::uuid[]) and not exists (
          select from invoice older
          where older.status = 'closing' and older.org_id = i.org_id and older.begins < i.begins)
        order by created_at limit 1
        for update skip locked
        """;

    private static final String ADD_LINE = """
        insert into invoice_line (invoice_id, position, kind, meter, quantity, included, unit_price, amount, events,
                                  late_events)
        values (:invoice, :position, :kind, :meter, :quantity, :included, :unitPrice, :amount, :events, :late)
        """;

    private static final String ISSUE = """
        update invoice set status = case when :total > 0 then 'issued' else 'paid' end, total = :total, issued_at = :now
        where id = :id
        """;

    // An event of an organisation has no user integration: the invoice's id takes its place.
    private static final String ANNOUNCE = """
        insert into event_outbox (type, user_integration_id, user_id, org_id, integration_domain, details)
        select 'billing.cycle_closed', id, org_id, org_id, 'billing',
               jsonb_build_object('invoiceId', id, 'orgId', org_id, 'period', period, 'total', total,
                                  'currency', currency)
        from invoice where id = :id
        """;

    private static final String TO_CHARGE = """
        select id from invoice
        where status = 'issued' and charge_account is not null and id > :after order by id limit :limit
        """;

    // Without an account: it was deleted.
    private static final String LOCK_ISSUED = """
        select i.id, i.total, i.currency, i.period, i.customer, u.id as user_integration_id, u.user_id,
               u.integration_domain
        from invoice i left join user_integration u on u.id = i.charge_account
        where i.id = :id and i.status = 'issued' and i.charge_account is not null
        for update of i skip locked
        """;

    private static final String CHARGE = "update invoice set status = 'charging', charge_run_id = :run where id = :id";

    private static final String CHARGING = """
        select i.id, i.charge_account as account, u.id is null as gone
        from invoice i left join user_integration u on u.id = i.charge_account
        where i.status = 'charging' and i.id > :after order by i.id limit :limit
        """;

    private static final String SETTLE = """
        update invoice set status = :status, charge_error = :error where id = :id and status in ('issued', 'charging')
        """;

    private static final String SHOWN = """
        id, org_id, period, begins, ends, status, total, currency, created_at, issued_at, charge_account,
        charge_run_id, charge_error
        """;

    private static final String GET = "select " + SHOWN + " from invoice where id = :id";

    private static final String LIST = "select " + SHOWN + """
         from invoice where org_id = :org and (begins, id) < (:begins, :id) order by begins desc, id desc limit :limit
        """;

    private static final String LINES = """
        select invoice_id, kind, meter, quantity, included, unit_price, amount, events, late_events
        from invoice_line where invoice_id = any (:ids::uuid[]) order by invoice_id, position
        """;

    /** Inserts the invoice of the open cycle of an account. */
    void insert(BillingAccount account, String period) {
        jdbc.sql(INSERT)
                .param("org", account.orgId())
                .param("begins", SqlTime.of(account.begins()))
                .param("ends", SqlTime.of(account.ends()))
                .param("period", period)
                .param("billedFrom", SqlTime.of(account.billedFrom()))
                .param("chargeAccount", account.chargeAccount())
                .param("customer", account.customer())
                .param("plan", account.planId())
                .update();
    }

    /** Locks an invoice that still claims usage, and that no other replica works on; none of the exceptions. */
    Optional<Invoice> lockClosing(Set<UUID> except) {
        return jdbc.sql(LOCK_CLOSING)
                .param("except", except.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, _) -> Invoice.read(row))
                .optional();
    }

    /** Ends an invoice: its lines, its total and its event. */
    void issue(UUID id, List<Invoice.Line> lines, BigDecimal total, Instant now) {
        for (int position = 0; position < lines.size(); position++) {
            Invoice.Line line = lines.get(position);
            jdbc.sql(ADD_LINE)
                    .param("invoice", id)
                    .param("position", position)
                    .param("kind", line.kind())
                    .param("meter", line.meter())
                    .param("quantity", line.quantity())
                    .param("included", line.included())
                    .param("unitPrice", line.unitPrice())
                    .param("amount", line.amount())
                    .param("events", line.events())
                    .param("late", line.lateEvents())
                    .update();
        }
        jdbc.sql(ISSUE)
                .param("id", id)
                .param("total", total)
                .param("now", SqlTime.of(now))
                .update();
        jdbc.sql(ANNOUNCE).param("id", id).update();
    }

    /** Invoices whose charge is to be queued, by id, those after one. */
    List<UUID> toCharge(UUID after, int limit) {
        return jdbc.sql(TO_CHARGE)
                .param("after", after)
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }

    /** Locks an invoice whose charge is to be queued; empty: it is queued, or another replica has locked it. */
    Optional<ChargeInvoices.Issued> lockIssued(UUID invoice) {
        return jdbc.sql(LOCK_ISSUED)
                .param("id", invoice)
                .query((row, _) -> new ChargeInvoices.Issued(
                        row.getObject("id", UUID.class),
                        row.getObject("user_integration_id") == null ? null : Account.read(row, "user_integration_id"),
                        row.getBigDecimal("total"),
                        row.getString("currency"),
                        row.getString("period"),
                        row.getString("customer")))
                .optional();
    }

    /** The charge of an invoice is queued. */
    void charge(UUID id, UUID run) {
        jdbc.sql(CHARGE).param("id", id).param("run", run).update();
    }

    /** Charges that were queued, by the id of their invoices, those after one. */
    List<ChargeInvoices.Charging> charging(UUID after, int limit) {
        return jdbc.sql(CHARGING)
                .param("after", after)
                .param("limit", limit)
                .query(ChargeInvoices.Charging.class)
                .list();
    }

    /** The charge of an invoice ended, or cannot be queued. */
    void settle(UUID id, String status, @Nullable String error) {
        jdbc.sql(SETTLE)
                .param("id", id)
                .param("status", status)
                .param("error", error)
                .update();
    }

    Optional<Invoice.View> find(UUID id) {
        return withLines(jdbc.sql(GET)
                        .param("id", id)
                        .query((row, _) -> view(row))
                        .list())
                .stream()
                .findFirst();
    }

    /** The invoices of an organisation, the newest first, after a position. */
    List<Invoice.View> list(String orgId, Instant begins, UUID id, int limit) {
        return withLines(jdbc.sql(LIST)
                .param("org", orgId)
                .param("begins", SqlTime.of(begins))
                .param("id", id)
                .param("limit", limit)
                .query((row, _) -> view(row))
                .list());
    }

    /** Reads the lines of all invoices by one query, once the connection of their own query is back in the pool. */
    private List<Invoice.View> withLines(List<Invoice.View> invoices) {
        var lines = new HashMap<UUID, List<Invoice.Line>>();
        var byRow = new SimplePropertyRowMapper<>(Invoice.Line.class);
        jdbc.sql(LINES)
                .param(
                        "ids",
                        invoices.stream()
                                .map(invoice -> invoice.id().toString())
                                .toArray(String[]::new))
                .query(row -> {
                    lines.computeIfAbsent(row.getObject("invoice_id", UUID.class), _ -> new ArrayList<>())
                            .add(byRow.mapRow(row, 0));
                });
        return invoices.stream()
                .map(invoice -> invoice.with(lines.getOrDefault(invoice.id(), List.of())))
                .toList();
    }

    private static Invoice.View view(ResultSet row) throws SQLException {
        return new Invoice.View(
                row.getObject("id", UUID.class),
                row.getString("org_id"),
                row.getString("period"),
                SqlTime.read(row, "begins"),
                SqlTime.read(row, "ends"),
                row.getString("status"),
                List.of(),
                row.getBigDecimal("total"),
                row.getString("currency"),
                SqlTime.read(row, "created_at"),
                SqlTime.find(row, "issued_at"),
                charge(row));
    }

    private static Invoice.@Nullable Charge charge(ResultSet row) throws SQLException {
        UUID account = row.getObject("charge_account", UUID.class);
        return account == null
                ? null
                : new Invoice.Charge(
                        account, row.getObject("charge_run_id", UUID.class), row.getString("charge_error"));
    }
}
