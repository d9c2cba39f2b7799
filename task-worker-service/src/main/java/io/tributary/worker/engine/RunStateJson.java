package io.tributary.worker.engine;

import io.tributary.worker.Json;
import java.util.UUID;

/** Runs and lanes as the store keeps them: JSON, so that a later version can add to it and a person can read it. */
final class RunStateJson {

    byte[] write(RunState run) {
        return Json.MAPPER.writeValueAsBytes(run.saved(Json.write(run.state())));
    }

    RunState readRun(UUID runId, byte[] json, long nowMillis) {
        var saved = Json.MAPPER.readValue(json, RunState.Saved.class);
        return RunState.restored(runId, saved, Json.readObject(saved.state()), nowMillis);
    }

    byte[] write(LaneState state) {
        return Json.MAPPER.writeValueAsBytes(state);
    }

    LaneState readLane(byte[] json) {
        return Json.MAPPER.readValue(json, LaneState.class);
    }
}
