package io.tributary.worker.execution;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids of follow-up tasks: a name-based UUID of the parent's id and the index, the same at each execution. */
final class FollowUpIds {

    private FollowUpIds() {}

    static UUID of(UUID parent, int index) {
        return UUID.nameUUIDFromBytes(ByteBuffer.allocate(20)
                .putLong(parent.getMostSignificantBits())
                .putLong(parent.getLeastSignificantBits())
                .putInt(index)
                .array());
    }
}
