package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.worker.codec.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The sync state of a run, with its JSON and size, which are computed when they are first needed. Immutable, apart from
 * that; executing tasks read it as well.
 */
final class SyncState {

    static final SyncState EMPTY = new SyncState(JsonObject.EMPTY, 2);

    /** A larger state is stored apart from its run, which changes far more often; bytes of its JSON. */
    static final int MAX_INLINE_BYTES = 1_000;

    private final JsonObject object;
    /** Upper bound of the size, exact once the JSON is there. */
    private long mostBytes;

    private byte @Nullable [] json;

    private SyncState(JsonObject object, long mostBytes) {
        this.object = object;
        this.mostBytes = mostBytes;
    }

    static SyncState of(JsonObject object) {
        return object.isEmpty() ? EMPTY : new SyncState(object, Long.MAX_VALUE / 2);
    }

    static SyncState read(byte[] json) {
        return of(Json.readObject(new String(json, StandardCharsets.UTF_8)));
    }

    JsonObject object() {
        return object;
    }

    SyncState patchedWith(JsonObject patch) {
        return patch.isEmpty() ? this : new SyncState(object.patchedWith(patch), mostBytes + patch.jsonBytes());
    }

    /** Its JSON in UTF-8; not to be changed. Stream thread. */
    byte[] json() {
        byte[] known = json;
        if (known == null) {
            known = Json.write(object).getBytes(StandardCharsets.UTF_8);
            json = known;
            mostBytes = known.length;
        }
        return known;
    }

    /** Whether the state, changed by a patch, stays within a bound. Stream thread. */
    boolean admits(JsonObject patch, int maxBytes) {
        if (patch.isEmpty()) {
            return true;
        }
        if (mostBytes > maxBytes) {
            json(); // which makes the size exact
        }
        return mostBytes + patch.jsonBytes() <= maxBytes || !patchedWith(patch).exceeds(maxBytes);
    }

    /** Stream thread. */
    boolean exceeds(int bytes) {
        return mostBytes > bytes && json().length > bytes;
    }
}
