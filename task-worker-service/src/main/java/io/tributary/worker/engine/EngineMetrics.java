package io.tributary.worker.engine;

import io.micrometer.core.instrument.MeterRegistry;

/** The metrics of the engine of a worker, which its partitions share. */
public record EngineMetrics(TaskCounters tasks, QueueGauges queues) {

    public static EngineMetrics of(MeterRegistry meters, TaskLabels labels) {
        return new EngineMetrics(new TaskCounters(meters, labels), new QueueGauges(meters, labels));
    }
}
