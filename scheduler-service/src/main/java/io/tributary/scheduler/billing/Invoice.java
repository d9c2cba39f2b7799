package io.tributary.scheduler.billing;

import io.tributary.scheduler.SqlTime;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice while it is made.
 *
 * @param begins begin of its cycle
 * @param ends end of its cycle
 * @param billedFrom usage before this time is never billed
 * @param createdAt usage that arrives later is billed by the next invoice
 */
record Invoice(
        UUID id,
        String orgId,
        Instant begins,
        Instant ends,
        String period,
        String currency,
        BigDecimal fixedFee,
        String prices,
        Instant billedFrom,
        Instant createdAt) {

    static final String COLUMNS =
            "id, org_id, begins, ends, period, currency, fixed_fee, prices::text as prices, billed_from, created_at";

    static Invoice read(ResultSet row) throws SQLException {
        return new Invoice(
                row.getObject("id", UUID.class),
                row.getString("org_id"),
                SqlTime.read(row, "begins"),
                SqlTime.read(row, "ends"),
                row.getString("period"),
                row.getString("currency"),
                row.getBigDecimal("fixed_fee"),
                row.getString("prices"),
                SqlTime.read(row, "billed_from"),
                SqlTime.read(row, "created_at"));
    }

    /**
     * A line of an invoice.
     *
     * @param kind {@code fee}, {@code usage} of a meter, or {@code credit} that pays a part
     * @param meter name of the meter; of a credit, its id; of the fee, {@code fee}
     * @param quantity how much was used
     * @param included how much of it costs nothing
     * @param unitPrice price of one
     * @param amount rounded to the currency; below 0 for what is given back
     * @param events number of usage events
     * @param lateEvents those of them from before the cycle, which arrived after its invoice
     */
    record Line(
            String kind,
            String meter,
            BigDecimal quantity,
            BigDecimal included,
            BigDecimal unitPrice,
            BigDecimal amount,
            long events,
            long lateEvents) {}

    /**
     * An invoice as the API shows it.
     *
     * @param period the first day of its cycle and the day after the last one, such as {@code 2026-11-01/2026-12-01},
     *     in the zone of the organisation
     * @param status {@code closing} while it collects the usage of its cycle; {@code issued}; {@code charging},
     *     {@code paid}, {@code failed} or {@code uncertain} where a payment provider collects it
     * @param total sum of the amounts
     * @param charge of the payment provider; null: none
     */
    record View(
            UUID id,
            String orgId,
            String period,
            Instant begins,
            Instant ends,
            String status,
            List<Line> lines,
            BigDecimal total,
            String currency,
            Instant createdAt,
            @Nullable Instant issuedAt,
            @Nullable Charge charge) {

        View with(List<Line> found) {
            return new View(
                    id, orgId, period, begins, ends, status, found, total, currency, createdAt, issuedAt, charge);
        }
    }

    /**
     * How an invoice is collected.
     *
     * @param userIntegrationId account of the payment provider
     * @param runId run of the action; null: not begun
     * @param error code of the failure; null: none
     */
    record Charge(
            UUID userIntegrationId,
            @Nullable UUID runId,
            @Nullable String error) {}
}
