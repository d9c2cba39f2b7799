package io.tributary.scheduler.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * The price of a meter.
 *
 * @param meter name of what is used
 * @param unitPrice of one, in the currency of the plan, 0 and up
 * @param included quantity of a cycle that costs nothing, 0 and up; default 0
 */
record Price(
        @Nullable String meter,
        @Nullable BigDecimal unitPrice,
        @Nullable BigDecimal included) {

    /** The price of a meter that a plan does not name. */
    static Price none(String meter) {
        return new Price(meter, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    BigDecimal unit() {
        return unitPrice == null ? BigDecimal.ZERO : unitPrice;
    }

    BigDecimal free() {
        return included == null ? BigDecimal.ZERO : included;
    }

    /** The amount of a quantity, rounded half to even. A quantity below 0, a correction, gives an amount below 0. */
    BigDecimal amountOf(BigDecimal quantity, Currency currency) {
        BigDecimal billed =
                quantity.signum() < 0 ? quantity : quantity.subtract(free()).max(BigDecimal.ZERO);
        return billed.multiply(unit()).setScale(currency.getDefaultFractionDigits(), RoundingMode.HALF_EVEN);
    }
}
