package io.tributary.worker.engine;

import io.tributary.schemas.Control;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import java.util.ArrayList;
import java.util.UUID;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the commands that arrive on the control topic. Each may arrive twice. */
final class ObeyCommands {

    private static final Logger LOG = LoggerFactory.getLogger(ObeyCommands.class);

    private final Partition partition;
    private final EndRun endRun;
    private final TaskExecution execution;
    private final Wire wire;

    ObeyCommands(Partition partition, EndRun endRun, TaskExecution execution, Wire wire) {
        this.partition = partition;
        this.endRun = endRun;
        this.execution = execution;
        this.wire = wire;
    }

    void obey(byte[] bytes) {
        Control control;
        try {
            control = wire.decodeControl(bytes);
        } catch (RetriableException e) {
            throw e; // The registry is away: the record is read again.
        } catch (SerializationException e) {
            LOG.error(
                    "polling.commandUnreadable: a record on {} is not a command, passed over",
                    wire.topics().control(),
                    e);
            return;
        }
        UUID userIntegrationId = control.getUserIntegrationId();
        switch (control.getCommand()) {
            case pause -> pause(userIntegrationId, true);
            case resume -> pause(userIntegrationId, false);
            case pause_run -> pauseRun(userIntegrationId, control.getRunId());
            case resume_run -> resumeRun(userIntegrationId, control.getRunId());
            case cancel_run -> cancel(control.getRunId());
            case purge -> cancelAll(userIntegrationId);
            case credentials_changed -> execution.forget(userIntegrationId);
            case unknown ->
                LOG.warn("a command newer than this worker, passed over userIntegrationId={}", userIntegrationId);
        }
    }

    private void pause(UUID userIntegrationId, boolean paused) {
        Lane lane = partition.laneOf(userIntegrationId);
        partition.become(lane, lane.state().withPaused(paused));
    }

    /** The command may overtake the run's first task. One that came when the run was over would hold the next backfill. */
    private void pauseRun(UUID userIntegrationId, @Nullable UUID runId) {
        if (runId != null && (partition.isLive(runId) || !partition.store.seen(runId))) {
            Lane lane = partition.laneOf(userIntegrationId);
            partition.become(lane, lane.state().withPausedRun(runId));
        }
    }

    private void resumeRun(UUID userIntegrationId, @Nullable UUID runId) {
        if (runId != null) {
            Lane lane = partition.laneOf(userIntegrationId);
            partition.become(lane, lane.state().withoutPausedRun(runId));
        }
    }

    private void cancel(@Nullable UUID runId) {
        RunState run = runId == null ? null : partition.run(runId);
        if (run != null) {
            endRun.end(
                    run,
                    RunStatus.cancelled,
                    new RunError("polling.runCancelled", "The run was cancelled.", "permanent"));
        }
    }

    private void cancelAll(UUID userIntegrationId) {
        var runs = new ArrayList<UUID>();
        for (RunState run : partition.runs()) {
            if (run.userIntegrationId().equals(userIntegrationId)) {
                runs.add(run.runId());
            }
        }
        runs.forEach(this::cancel);
    }
}
