package io.tributary.pipeline.bench;

/**
 * How thoroughly to measure.
 *
 * @param rounds measured rounds of each scenario, 1 and up
 * @param quick small sizes: shows that everything works, and no figure to quote
 */
record Effort(int rounds, boolean quick) {

    Effort {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds are " + rounds + ", the least is 1");
        }
    }

    /** The size to take. */
    int size(int full, int quickly) {
        return quick ? quickly : full;
    }
}
