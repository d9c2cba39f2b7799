package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** CursorNeverAhead: the cursor moves only in the transaction that completes the run whose outputs it covers. */
@AfterAStorm
class CursorNeverAheadIT {

    @Test
    void everythingUpToTheCursorWasThereWhenItMoved(Storm.Calm calm) {
        assertThat(calm.evidence().cursors())
                .isNotEmpty()
                .allSatisfy(cursor ->
                        assertThat(cursor.missing()).as(cursor.toString()).isZero());
    }

    @Test
    void cursorNeverMovesBack(Storm.Calm calm) {
        var last = new HashMap<UUID, Long>();
        for (Evidence.Cursor cursor : calm.evidence().cursors()) {
            Long before = last.put(cursor.account(), cursor.seen());
            assertThat(cursor.seen()).as(cursor.toString()).isGreaterThan(before == null ? 0 : before);
        }
        assertThat(last).isNotEmpty();
    }
}
