package io.tributary.scheduler.billing;

import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
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
        insert into billing_account (org_id, plan_id, zone, cycle, billed_from, begins, ends, first_day, next_day,
                                     charge_account, customer)
        values (:org, :plan, :zone, :cycle, :billedFrom, :begins, :ends, :firstDay, :nextDay, :chargeAccount::uuid,
                :customer::text)
        on conflict (org_id) do update
        set plan_id = excluded.plan_id, zone = excluded.zone, cycle = excluded.cycle,
            charge_account = excluded.charge_account, customer = excluded.customer, changed_at = now()
        """;

    private static final String LOCK_DUE = "select " + COLUMNS + """
        , first_day, next_day from billing_account
        where ends <= :before order by ends limit :batch for update skip locked
        """;

    private static final String ADVANCE = """
        update billing_account set begins = ends, ends = :ends, first_day = :firstDay, next_day = :nextDay
        where org_id = :org
        """;

    /**
     * An account whose cycle has ended.
     *
     * @param firstDay of the cycle, in the zone that it began with
     * @param nextDay first day of the next cycle
     */
    record Due(BillingAccount account, LocalDate firstDay, LocalDate nextDay) {}

    Optional<BillingAccount> find(String orgId) {
        return jdbc.sql(GET).param("org", orgId).query((row, _) -> read(row)).optional();
    }

    /** Inserts an account with its first cycle, or changes it and leaves its open cycle as it is. */
    void save(BillingAccount account) {
        ZoneId zone = ZoneId.of(account.zone());
        jdbc.sql(UPSERT)
                .param("billedFrom", SqlTime.of(account.billedFrom()))
                .param("firstDay", LocalDate.ofInstant(account.begins(), zone))
                .param("nextDay", LocalDate.ofInstant(account.ends(), zone))
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
    List<Due> lockDue(Instant before, int batch) {
        return jdbc.sql(LOCK_DUE)
                .param("before", SqlTime.of(before))
                .param("batch", batch)
                .query((row, _) -> readDue(row))
                .list();
    }

    /**
     * Opens the next cycle of an account.
     *
     * @param firstDay of the next cycle
     * @param nextDay of the cycle after it, which begins at {@code ends}
     */
    void advance(String orgId, LocalDate firstDay, LocalDate nextDay, Instant ends) {
        jdbc.sql(ADVANCE)
                .param("org", orgId)
                .param("ends", SqlTime.of(ends))
                .param("firstDay", firstDay)
                .param("nextDay", nextDay)
                .update();
    }

    private static Due readDue(ResultSet row) throws SQLException {
        BillingAccount account = read(row);
        ZoneId zone = ZoneId.of(account.zone());
        LocalDate firstDay = row.getObject("first_day", LocalDate.class);
        LocalDate nextDay = row.getObject("next_day", LocalDate.class);
        return new Due(
                account,
                firstDay == null ? LocalDate.ofInstant(account.begins(), zone) : firstDay,
                nextDay == null ? LocalDate.ofInstant(account.ends(), zone) : nextDay);
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
