package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.plugin.VersionedIntegration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** NothingTwice: one row for each item; counters count each task once. */
@AfterAStorm
class NothingTwiceIT {

    @Test
    void oneRowForEachItem(Storm.Calm calm) {
        assertThat(calm.evidence().rows())
                .isNotEmpty()
                .extracting(row -> row.account() + " " + row.externalId())
                .doesNotHaveDuplicates();
    }

    @Test
    void eachOutputIsOnTheTopicOnce(Storm.Calm calm) {
        assertThat(calm.evidence().outputs())
                .extracting(output -> output.getRunId() + " " + output.getTaskId() + " " + output.getIndex())
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    @Test
    void eachRowIsCountedAsInsertedOnce(Storm.Calm calm) {
        Map<UUID, Long> rows = calm.evidence().rows().stream()
                .collect(Collectors.groupingBy(Evidence.Row::account, Collectors.counting()));
        // A replay may overtake the run whose outputs it writes again.
        Map<UUID, Long> inserted = Stream.concat(
                        calm.evidence().runs().stream().map(run -> Map.entry(run.account(), run.rowsInserted())),
                        calm.evidence().replays().stream()
                                .map(replay -> Map.entry(replay.account(), replay.rowsInserted())))
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)));
        assertThat(inserted).isEqualTo(rows);
    }

    @Test
    void eachRunMovesTheCursorOnce(Storm.Calm calm) {
        Map<UUID, Long> moves = calm.evidence().runs().stream()
                .filter(Evidence.Run::exclusive)
                .collect(Collectors.groupingBy(
                        Evidence.Run::account, Collectors.summingLong(_ -> VersionedIntegration.STEP)));
        assertThat(calm.evidence().lastCursors()).isEqualTo(moves);
    }
}
