package io.tributary.sink.metrics;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A figure with the id of its series. */
record Point(long seriesId, MetricValue of) {

    Instant at() {
        return of.at();
    }

    BigDecimal value() {
        return of.value();
    }

    long runSequence() {
        return of.run().sequence();
    }

    LocalDate day() {
        return LocalDate.ofInstant(at(), ZoneOffset.UTC);
    }
}
