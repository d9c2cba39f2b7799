package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How far a file has been read, as it stands in a task.
 *
 * @param key of the file on the worker's disk
 * @param hash of the file; null: it was not downloaded yet
 * @param offset bytes of the file that were read, for kinds that can go on there
 * @param records that were read
 * @param restarts how often it was begun anew, since the provider had another file
 */
record FilePosition(String key, @Nullable String hash, long offset, long records, int restarts) {

    static FilePosition start(String key) {
        return new FilePosition(key, null, 0, 0, 0);
    }

    static @Nullable FilePosition of(JsonObject json) {
        return json.isEmpty()
                ? null
                : new FilePosition(
                        json.requireText("key"),
                        json.text("hash").orElse(null),
                        json.integer("offset").orElse(0L),
                        json.integer("records").orElse(0L),
                        json.integer("restarts").orElse(0L).intValue());
    }

    JsonObject toJson() {
        return JsonObject.of("key", key)
                .with("hash", hash)
                .with("offset", offset)
                .with("records", records)
                .with("restarts", restarts);
    }

    /** The one behind some more records, which end at an offset. */
    FilePosition after(long end, int more) {
        return new FilePosition(key, hash, end, records + more, restarts);
    }

    /** Of a file of which nothing has been read. */
    FilePosition restarted() {
        return new FilePosition(key, null, 0, 0, restarts + 1);
    }
}
