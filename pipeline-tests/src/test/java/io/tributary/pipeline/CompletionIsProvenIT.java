package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** CompletionIsProven: a run is terminal exactly when its sums are balanced; never early, never stuck. */
@AfterAStorm
class CompletionIsProvenIT {

    @Test
    void everyRunEndedWithItsSumsBalanced(Storm.Calm calm) {
        assertThat(calm.evidence().ends()).hasSameSizeAs(calm.evidence().runs()).allSatisfy(end -> {
            assertThat(end.openTasks()).isZero();
            assertThat(end.missingOutputs()).isZero();
        });
    }

    @Test
    void nothingComesAfterTheEndOfARun(Storm.Calm calm) {
        Set<UUID> over = new HashSet<>();
        for (Evidence.Message message : calm.evidence().messages()) {
            switch (message.value()) {
                case Output output ->
                    assertThat(over).as("ended before " + output).doesNotContain(output.getRunId());
                case RunProgress progress
                when progress.getStatus() != RunStatus.running ->
                    assertThat(over.add(progress.getRunId()))
                            .as("the only end: " + progress)
                            .isTrue();
                default -> {}
            }
        }
        assertThat(over)
                .containsAll(
                        calm.evidence().runs().stream().map(Evidence.Run::id).collect(Collectors.toSet()));
    }

    @Test
    void proofOfEveryRunIsBalanced(Storm.Calm calm) {
        Api api = calm.pipeline().api(new Random(1), false);
        List<JsonNode> proofs = calm.evidence().runs().stream()
                .map(run -> api.proof(run.id().toString()))
                .toList();
        assertThat(proofs)
                .isNotEmpty()
                .allSatisfy(proof -> assertThat(proof.get("balanced").asBoolean())
                        .as(proof.toString())
                        .isTrue());
    }
}
