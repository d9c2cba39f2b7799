package io.tributary.pipeline.bench;

import java.util.List;

/**
 * Something that was measured, once a round.
 *
 * @param name such as {@code worker.tasks_per_s.0ms}
 * @param unit such as {@code ms}; empty: a plain number
 * @param rounds what each round gave, one and up
 */
record Figure(String name, String unit, List<Double> rounds) {

    Figure {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException(name + " was never measured");
        }
    }

    double median() {
        return Quantiles.of(rounds).at(0.5);
    }

    double min() {
        return Quantiles.of(rounds).at(0);
    }

    double max() {
        return Quantiles.of(rounds).at(1);
    }
}
