package io.tributary.worker.engine;

import io.tributary.schemas.Control;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.worker.codec.MessageCodec;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the commands that arrive on the control topic. Each may arrive twice. */
record ObeyCommands(
        LiveRuns runs, Lanes lanes, SeenTasks seen, EndRun endRun, EndUnknownRun endUnknownRun, EngineConfig config) {

    private static final Logger log = LoggerFactory.getLogger(ObeyCommands.class);

    void obey(byte[] bytes) {
        MessageCodec codec = config.codec();
        Control control;
        try {
            control = codec.decodeControl(bytes);
        } catch (RetriableException e) {
            throw e; // The registry does not answer: the record is read again.
        } catch (SerializationException e) {
            log.error(
                    "polling.commandUnreadable: a record is not a command, skipped topic={}",
                    codec.topics().control(),
                    e);
            return;
        }
        UUID userIntegrationId = control.getUserIntegrationId();
        switch (control.getCommand()) {
            case pause -> pause(userIntegrationId, true);
            case resume -> pause(userIntegrationId, false);
            case pause_run -> pauseRun(userIntegrationId, control.getRunId());
            case resume_run -> resumeRun(userIntegrationId, control.getRunId());
            case cancel_run -> cancel(userIntegrationId, control.getRunId());
            case purge -> cancelAll(userIntegrationId);
            case credentials_changed -> config.execution().forget(userIntegrationId);
            case unknown ->
                log.warn(
                        "polling.commandUnknown: a command newer than this worker, skipped userIntegrationId={}",
                        userIntegrationId);
        }
    }

    private void pause(UUID userIntegrationId, boolean paused) {
        Lane lane = lanes.of(userIntegrationId);
        lanes.become(
                lane,
                paused ? lane.state().paused(config.nowMillis()) : lane.state().resumed());
    }

    /**
     * The command may overtake the run's first task. A command that arrives after the run's end would hold the next
     * backfill.
     */
    private void pauseRun(UUID userIntegrationId, @Nullable UUID runId) {
        if (runId != null && (runs.contain(runId) || !seen.contain(runId))) {
            Lane lane = lanes.of(userIntegrationId);
            lanes.become(lane, lane.state().withPausedRun(runId, runs::contain));
        }
    }

    private void resumeRun(UUID userIntegrationId, @Nullable UUID runId) {
        if (runId != null) {
            Lane lane = lanes.of(userIntegrationId);
            lanes.become(lane, lane.state().withoutPausedRun(runId));
        }
    }

    private void cancel(UUID userIntegrationId, @Nullable UUID runId) {
        RunState run = runId == null ? null : runs.find(runId);
        if (run != null) {
            cancel(run);
        } else if (runId != null) {
            cancelUnknown(userIntegrationId, runId);
        }
    }

    private void cancel(RunState run) {
        endRun.end(run, RunStatus.cancelled, cancelled("The run was cancelled."));
    }

    /** The scheduler takes the run for live, and would send the command again and again. */
    private void cancelUnknown(UUID userIntegrationId, UUID runId) {
        endUnknownRun.end(
                userIntegrationId,
                runId,
                RunStatus.cancelled,
                cancelled("The run was cancelled; the worker had no task of it."));
        log.warn(
                "polling.runUnknown: a run without a task was cancelled userIntegrationId={} runId={}",
                userIntegrationId,
                runId);
    }

    private static RunError cancelled(String message) {
        return new RunError("polling.runCancelled", message, "permanent");
    }

    private void cancelAll(UUID userIntegrationId) {
        List.copyOf(runs.all()).stream()
                .filter(run -> run.userIntegrationId().equals(userIntegrationId))
                .forEach(this::cancel);
    }
}
