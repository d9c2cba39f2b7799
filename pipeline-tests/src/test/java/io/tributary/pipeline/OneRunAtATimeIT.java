package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * OneRunAtATime: at most one live run of an account; no overlap, no double dispatch. Backfills may run at the same
 * time.
 */
@AfterAStorm
class OneRunAtATimeIT {

    /** Messages of an account are on one partition, in the order in which their transactions were committed. */
    @Test
    void runsOfAnAccountFollowEachOther(Storm.Calm calm) {
        Map<UUID, Evidence.Run> runs = calm.evidence().runsById();
        var live = new HashMap<UUID, UUID>();
        for (Evidence.Message message : calm.evidence().messages()) {
            Evidence.Run run = runs.get(message.run());
            if (run == null || !run.exclusive()) {
                continue;
            }
            UUID other = live.put(message.account(), message.run());
            assertThat(other).as("the live run before " + message).isIn(null, message.run());
            if (message.value() instanceof RunProgress progress && progress.getStatus() != RunStatus.running) {
                live.remove(message.account());
            }
        }
        assertThat(live).isEmpty();
    }

    @Test
    void exclusiveRunsAreInTheMajority(Storm.Calm calm) {
        assertThat(calm.evidence().runs()).filteredOn(Evidence.Run::exclusive).hasSizeGreaterThan(8);
    }
}
