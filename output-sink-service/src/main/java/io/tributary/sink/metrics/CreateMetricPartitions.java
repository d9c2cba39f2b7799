package io.tributary.sink.metrics;

import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.postgres.Postgres;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Creates the partitions of figures of this month and the next two, if they are missing. */
public record CreateMetricPartitions(Postgres postgres) implements MaintenanceJob {

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
        postgres.run(() -> postgres.sql("select ensure_metric_partitions()")
                .query(Integer.class)
                .single());
        return new Step(null, 0);
    }
}
