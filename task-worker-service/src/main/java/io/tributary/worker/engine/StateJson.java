package io.tributary.worker.engine;

import io.tributary.worker.codec.Json;
import java.util.UUID;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Runs and lanes as the store keeps them: JSON, so that a later version can add to it and a person can read it. */
final class StateJson {

    /** A number that an earlier version did not save is 0. */
    private static final JsonMapper MAPPER = Json.MAPPER
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private StateJson() {}

    static byte[] write(RunState run) {
        return MAPPER.writeValueAsBytes(run.saved());
    }

    /** A time that an earlier version did not save is now. */
    static RunState readRun(UUID runId, byte[] json, long nowMillis) {
        return RunState.restored(runId, MAPPER.readValue(json, SavedRun.class), nowMillis);
    }

    static byte[] write(LaneState state) {
        return MAPPER.writeValueAsBytes(state);
    }

    static byte[] write(DeathMark mark) {
        return MAPPER.writeValueAsBytes(mark);
    }

    static DeathMark readMark(byte[] json) {
        return MAPPER.readValue(json, DeathMark.class);
    }

    static LaneState readLane(byte[] json) {
        return MAPPER.readValue(json, LaneState.class);
    }
}
