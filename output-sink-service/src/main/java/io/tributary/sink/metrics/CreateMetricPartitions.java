package io.tributary.sink.metrics;

import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.postgres.Postgres;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Creates the partitions of figures of this month and the next two, so that no batch has to wait for one. A sink creates
 * those of other months when it meets them.
 */
public record CreateMetricPartitions(Postgres postgres, Clock clock) implements MaintenanceJob {

    private static final int MONTHS = 3;

    @Override
    public String name() {
        return "metric-partitions";
    }

    @Override
    public Duration every() {
        return Duration.ofDays(1);
    }

    @Override
    public Step step(@Nullable String position) {
        LocalDate month = LocalDate.now(clock).withDayOfMonth(1);
        Object[] months = Stream.iterate(month, before -> before.plusMonths(1))
                .limit(MONTHS)
                .toArray();
        postgres.run(() -> postgres.sql("select ensure_metric_partitions(?)")
                .param(new SqlArrayValue("date", months))
                .query(Integer.class)
                .single());
        return new Step(null, 0);
    }
}
