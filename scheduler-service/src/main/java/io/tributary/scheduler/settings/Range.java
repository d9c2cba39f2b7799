package io.tributary.scheduler.settings;

import org.jspecify.annotations.Nullable;

/**
 * The range of a setting.
 *
 * @param least smallest value
 * @param most largest value; null: none
 * @param inWords the range with its unit, for messages: {@code 1 s to 1 min}, {@code 2 and up}
 */
public record Range<T extends Comparable<T>>(
        T least, @Nullable T most, String inWords) {

    /** A range from one value to another. */
    public static <T extends Comparable<T>> Range<T> between(T least, T most, String inWords) {
        return new Range<>(least, most, inWords);
    }

    /** A range without an upper end. */
    public static <T extends Comparable<T>> Range<T> atLeast(T least, String inWords) {
        return new Range<>(least, null, inWords);
    }

    /**
     * Checks a value.
     *
     * @param key of the setting, for the message
     * @throws IllegalArgumentException the value is out of the range; the service does not start
     */
    public void check(T value, String key) {
        if (value.compareTo(least) < 0 || (most != null && value.compareTo(most) > 0)) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be " + inWords);
        }
    }
}
