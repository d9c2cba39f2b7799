package io.tributary.scheduler.billing;

import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table billing_account. */
@Component
record BillingAccountTable(JdbcClient jdbc) {

    private static final String COLUMNS =
            "org_id, plan_id, zone, cycle, billed_from, begins, ends, charge_account, customer";

    private static final String GET = "select " + COLUMNS + " from billing_account where org_id = :org";

    // The open cycle of an account goes on as it began; a change of zone or cycle counts from the next one on.
    private static final String UPSERT = """
        insert into billing_account (org_id, plan_id, zone, cycle, billed_from, begins, ends, charge_account, customer)
        values (:org, :plan, :zone, :cycle, :begins, :begins, :ends, :chargeAccount::uuid, :customer::text)
        on conflict (org_id) do update
        set plan_id = excluded.plan_id, zone = excluded.zone, cycle = excluded.cycle,
            charge_account = excluded.charge_account, customer = excluded.customer, changed_at = now()
        """;

    private static final String LOCK_DUE = "select " + COLUMNS + """
         from billing_account where ends <= :before order by ends limit :batch for update skip locked
        """;

    private static final String ADVANCE =
            "update billing_account set begins = :begins, ends = :ends where org_id = :org";

    Optional<BillingAccount> find(String orgId) {
        return jdbc.sql(GET).param("org", orgId).query((row, _) -> read(row)).optional();
    }

    void save(BillingAccount account) {
        jdbc.sql(UPSERT)
                .param("org", account.orgId())
                .param("plan", account.planId())
                .param("zone", account.zone())
                .param("cycle", account.cycle().name())
                .param("begins", SqlTime.of(account.begins()))
                .param("ends", SqlTime.of(account.ends()))
                .param("chargeAccount", account.chargeAccount())
                .param("customer", account.customer())
                .update();
    }

    /** Locks accounts whose cycle ended before a time, and that no other replica closes. */
    List<BillingAccount> lockDue(Instant before, int batch) {
        return jdbc.sql(LOCK_DUE)
                .param("before", SqlTime.of(before))
                .param("batch", batch)
                .query((row, _) -> read(row))
                .list();
    }

    /** Opens the next cycle. */
    void advance(String orgId, Instant begins, Instant ends) {
        jdbc.sql(ADVANCE)
                .param("org", orgId)
                .param("begins", SqlTime.of(begins))
                .param("ends", SqlTime.of(ends))
                .update();
    }

    private static BillingAccount read(ResultSet row) throws SQLException {
        return new BillingAccount(
                row.getString("org_id"),
                row.getString("plan_id"),
                row.getString("zone"),
                Cycle.valueOf(row.getString("cycle")),
                SqlTime.read(row, "billed_from"),
                SqlTime.read(row, "begins"),
                SqlTime.read(row, "ends"),
                row.getObject("charge_account", UUID.class),
                row.getString("customer"));
    }
}
