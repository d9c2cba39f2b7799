package io.tributary.scheduler.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table billing_credit. */
@Component
record CreditTable(JdbcClient jdbc) {

    private static final String INSERT = """
        insert into billing_credit (org_id, id, currency, amount, remaining)
        values (:org, :id, :currency, :amount, :amount) on conflict do nothing
        """;

    private static final String LOCK = """
        select id, remaining from billing_credit
        where org_id = :org and currency = :currency and remaining > 0 order by created_at, id for update
        """;

    private static final String USE =
            "update billing_credit set remaining = remaining - :amount where org_id = :org and id = :id";

    /** What a credit pays. */
    record Use(String id, BigDecimal amount) {}

    /** Inserts a credit; returns whether its id is new. */
    boolean insert(String orgId, String id, String currency, BigDecimal amount) {
        return jdbc.sql(INSERT)
                        .param("org", orgId)
                        .param("id", id)
                        .param("currency", currency)
                        .param("amount", amount)
                        .update()
                == 1;
    }

    /** Uses up credits for an amount above 0, the oldest first, within the caller's transaction. */
    List<Use> use(String orgId, String currency, BigDecimal amount) {
        var used = new ArrayList<Use>();
        BigDecimal open = amount;
        var credits = jdbc.sql(LOCK)
                .param("org", orgId)
                .param("currency", currency)
                .query((row, _) -> new Use(row.getString("id"), row.getBigDecimal("remaining")))
                .list();
        for (Use credit : credits) {
            if (open.signum() <= 0) {
                break;
            }
            var use = new Use(credit.id(), credit.amount().min(open));
            jdbc.sql(USE)
                    .param("org", orgId)
                    .param("id", use.id())
                    .param("amount", use.amount())
                    .update();
            used.add(use);
            open = open.subtract(use.amount());
        }
        return used;
    }
}
