package io.tributary.pipeline.bench;

import java.time.Duration;
import java.util.List;

/** CPU time. */
record Cpu(Duration workers, Duration broker) {

    static Duration takenBy(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    Cpu since(Cpu earlier) {
        return new Cpu(workers.minus(earlier.workers), broker.minus(earlier.broker));
    }

    /** Microseconds for each of some tasks, workers and broker together. */
    double microsPer(long tasks) {
        return workers.plus(broker).toNanos() / 1_000.0 / tasks;
    }

    double workerMicrosPer(long tasks) {
        return workers.toNanos() / 1_000.0 / tasks;
    }
}
