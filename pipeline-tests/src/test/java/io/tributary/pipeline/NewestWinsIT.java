package io.tributary.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** NewestWins: an older run, a backfill that ends late, or a replay never overwrites newer content. */
@AfterAStorm
class NewestWinsIT {

    @Test
    void everyRowIsOfTheNewestRunThatBroughtIt(Storm.Calm calm) {
        Map<UUID, Evidence.Run> runs = calm.evidence().runsById();
        ToLongFunction<Output> sequence =
                output -> requireNonNull(runs.get(output.getRunId())).sequence();
        var newest = new HashMap<String, Output>();
        for (Output output : calm.evidence().outputs()) {
            newest.merge(
                    output.getUserIntegrationId() + " " + output.getExternalId(),
                    output,
                    (one, other) -> sequence.applyAsLong(one) > sequence.applyAsLong(other) ? one : other);
        }
        Map<String, String> expected = newest.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().getContent()));
        Map<String, String> rows = calm.evidence().rows().stream()
                .collect(Collectors.toMap(row -> row.account() + " " + row.externalId(), Evidence.Row::content));
        assertThat(rows).isNotEmpty().isEqualTo(expected);
    }
}
