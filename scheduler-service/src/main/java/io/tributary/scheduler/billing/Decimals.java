package io.tributary.scheduler.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers of requests, in one form: a text such as {@code 0E-999999999} is short, and takes a gigabyte when printed. */
final class Decimals {

    /** Most digits behind the point. */
    static final int MAX_SCALE = 12;

    private Decimals() {}

    /** Whether a number has no more digits than sums keep exactly. */
    static boolean isAtMost(BigDecimal most, BigDecimal number) {
        // Postgres and the API write each zero of an exponent, so what is compared is the form without them.
        return number.abs().compareTo(most) <= 0 && number.stripTrailingZeros().scale() <= MAX_SCALE;
    }

    /** A number without zeros at the end and without an exponent; null: 0. Check it before: it can be large. */
    static BigDecimal plain(@Nullable BigDecimal number) {
        if (number == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
