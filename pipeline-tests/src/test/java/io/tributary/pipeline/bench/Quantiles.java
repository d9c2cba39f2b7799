package io.tributary.pipeline.bench;

import java.util.Collection;

/** Quantiles of some measurements, one and up, by nearest rank. */
final class Quantiles {

    private final double[] sorted;

    private Quantiles(double[] sorted) {
        this.sorted = sorted;
    }

    static Quantiles of(Collection<Double> measurements) {
        if (measurements.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        return new Quantiles(
                measurements.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** @param share 0 (the least) to 1 (the most); 0.5 is the median, the lower of two */
    double at(double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }
}
