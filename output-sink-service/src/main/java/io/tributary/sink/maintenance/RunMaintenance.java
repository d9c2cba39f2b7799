package io.tributary.sink.maintenance;

import static java.util.stream.Collectors.toMap;

import io.tributary.sink.maintenance.MaintenanceJob.Step;
import io.tributary.sink.maintenance.MaintenanceTable.Turn;
import io.tributary.sink.outage.Unavailable;
import io.tributary.sink.outage.WorkLoop;
import io.tributary.sink.postgres.Rejected;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the steps of the maintenance jobs that are due, one after the other. */
public record RunMaintenance(MaintenanceTable table, Map<String, MaintenanceJob> jobs) implements WorkLoop.Step {

    private static final Logger log = LoggerFactory.getLogger(RunMaintenance.class);

    public RunMaintenance(MaintenanceTable table, List<MaintenanceJob> jobs) {
        this(table, jobs.stream().collect(toMap(MaintenanceJob::name, Function.identity())));
    }

    @Override
    public boolean take(BooleanSupplier ending) {
        Optional<Turn> claimed = table.claim(jobs.keySet());
        claimed.ifPresent(this::take);
        return claimed.isPresent();
    }

    /** A job whose step fails waits a minute, and the others go on meanwhile. Only an outage of Postgres stops all. */
    private void take(Turn turn) {
        MaintenanceJob job = Objects.requireNonNull(jobs.get(turn.name()), "claimed by name");
        try {
            Step step = job.step(turn.position());
            table.settle(turn, step, job.every());
            if (step.removed() > 0) {
                log.info(
                        "sink.maintenanceDone: maintenance step done job={} removed={} position={}",
                        turn.name(),
                        step.removed(),
                        step.next());
            }
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            if (e instanceof Unavailable outage && outage.what().equals("postgres")) {
                throw e; // no job can do without it
            }
            log.error("sink.maintenanceFailed: a maintenance job is postponed job={}", turn.name(), e);
            table.postpone(turn, describe(e));
        }
    }

    /** Without the message of a foreign exception, which may quote content. */
    private static String describe(RuntimeException failure) {
        return failure instanceof Rejected || failure instanceof Unavailable
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getName();
    }

    @Override
    public void end() {
        try {
            table.release();
        } catch (Unavailable | Rejected e) {
            log.debug("sink.leaseNotReleased: the lease of the job expires by itself", e);
        }
    }
}
