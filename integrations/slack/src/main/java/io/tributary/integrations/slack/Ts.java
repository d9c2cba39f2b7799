package io.tributary.integrations.slack;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Slack's {@code ts}: what a message is known by within its channel, and the time it was sent, in seconds since the
 * epoch with six decimals.
 */
final class Ts {

    /** Before every message. */
    static final String ZERO = "0";

    /** By time. */
    static final Comparator<String> ORDER = Comparator.comparing(BigDecimal::new);

    private static final Pattern FORM = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");

    private Ts() {}

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    static boolean isAfter(String one, String other) {
        return ORDER.compare(one, other) > 0;
    }

    /** So much earlier, but not before the epoch. */
    static String before(String ts, Duration time) {
        return new BigDecimal(ts)
                .subtract(BigDecimal.valueOf(time.toSeconds()))
                .max(BigDecimal.ZERO)
                .toPlainString();
    }

    static String of(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano() / 1000, 6))
                .toPlainString();
    }

    static @Nullable Instant time(String ts) {
        try {
            BigDecimal seconds = new BigDecimal(ts);
            return Instant.ofEpochSecond(
                    seconds.longValue(),
                    seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
        } catch (ArithmeticException | DateTimeException e) {
            return null;
        }
    }
}
