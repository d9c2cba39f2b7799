package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.plugin.VersionedIntegration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** NothingLost: every output that a completed task returned is in Postgres. */
@AfterAStorm
class NothingLostIT {

    @Test
    void everyItemUpToTheCursorIsInPostgres(Storm.Calm calm) {
        var cursors = calm.evidence().lastCursors();
        assertThat(cursors).isNotEmpty();
        cursors.forEach((account, seen) -> assertThat(calm.evidence().rows().stream()
                        .filter(row -> row.account().equals(account))
                        .map(Evidence.Row::externalId))
                .as("rows of " + account)
                .containsExactlyInAnyOrderElementsOf(itemsUpTo(seen)));
    }

    @Test
    void everyCommittedOutputIsInPostgres(Storm.Calm calm) {
        Set<String> rows = calm.evidence().rows().stream()
                .map(row -> row.account() + " " + row.externalId())
                .collect(Collectors.toSet());
        assertThat(calm.evidence().outputs())
                .isNotEmpty()
                .allSatisfy(output ->
                        assertThat(rows).contains(output.getUserIntegrationId() + " " + output.getExternalId()));
    }

    @Test
    void stormWasOne(Storm.Calm calm) {
        assertThat(calm.faults()).isGreaterThan(3);
    }

    private static Set<String> itemsUpTo(long seen) {
        return LongStream.rangeClosed(1, Math.max(seen, VersionedIntegration.BACKFILL))
                .mapToObj(number -> "item-" + number)
                .collect(Collectors.toSet());
    }
}
